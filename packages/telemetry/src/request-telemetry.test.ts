import {
  CREDENTIAL,
  createContext,
  pipeline,
  Trail,
  TRAIL,
  type Context,
  type FindModel,
  type LlmRequest,
  type LlmResponse,
} from '@x/core';
import { chatCompletion, chatRequest, chatStream, failure, VirtualClock } from '@x/core/testing';
import { describe, expect, test } from 'vitest';
import type { RequestRecord } from './request-record.ts';
import { createTelemetry } from './telemetry.ts';

const PRIMARY = { provider: 'openai', model: 'gpt-4o-mini' };
const SECOND = { provider: 'anthropic', model: 'claude-3-5-sonnet-20241022' };
const USAGE = { inputTokens: 10, cacheReadTokens: 2, cacheWriteTokens: 3, outputTokens: 5, reasoningTokens: 7 };

type FakeStream = ReturnType<typeof chatStream>;
type Call = (request: LlmRequest, context: Context) => Promise<LlmResponse>;

const ANSWER: Call = async () => chatCompletion();
const STREAM: Call = async () => chatStream();

async function readAll(stream: FakeStream): Promise<number> {
  let events = 0;
  for await (const _ of stream) events += 1;
  return events;
}

/** A pipeline with both layers and, between them, `middle`, which may call the inner part as often as it likes. */
function bench(provider: Call, middle: (next: Call) => Call = (next) => next, findModel?: FindModel) {
  const clock = new VirtualClock();
  const records: RequestRecord[] = [];
  const telemetry = createTelemetry({ log: (record) => records.push(record), clock });
  const handler = pipeline([telemetry.request({ findModel }), middle, telemetry.attempt()], provider);
  const call = (request = chatRequest(), context = createContext({ clock, id: 'request-1' })) =>
    handler(request, context);
  return { clock, records, call };
}

describe('the record of a request', () => {
  test('tells who was asked, with which key, how long it took, and what was used', async () => {
    const { clock, records, call } = bench(
      async (request, context) => {
        await context.clock.sleep(request.target.provider === 'openai' ? 40 : 200);
        if (request.target.provider === 'openai') {
          throw failure('rate_limited', { upstream: { status: 429, headers: {}, code: 'tokens' } });
        }
        return chatCompletion({ target: 'anthropic/claude-3-5-sonnet-20241022', usage: USAGE });
      },
      (next) => async (request, context) => {
        const keyed = context.with({}, CREDENTIAL.of({ name: 'openai-primary', value: 'sk-secret' }));
        await next(request, keyed).catch(() => undefined);
        await context.clock.sleep(100);
        (context.get(TRAIL) as Trail).waitedMs += 100;
        await context.clock.sleep(3); // work of the layers themselves
        return next({ ...request, target: SECOND }, context);
      },
    );
    await clock.run(call());
    expect(records).toEqual([
      {
        id: 'request-1',
        at: Date.UTC(2026, 0, 1),
        tenant: undefined,
        dialect: 'openai.chat',
        requested: 'openai/gpt-4o-mini',
        served: 'anthropic/claude-3-5-sonnet-20241022',
        contributors: [],
        outcome: 'completed',
        kind: undefined,
        code: undefined,
        status: 200,
        stream: false,
        clientRetry: 0,
        finishReason: 'stop',
        attempts: [
          {
            target: 'openai/gpt-4o-mini',
            key: 'openai-primary',
            outcome: 'rate_limited',
            status: 429,
            afterMs: 0,
            ms: 40,
          },
          {
            target: 'anthropic/claude-3-5-sonnet-20241022',
            key: undefined,
            outcome: 'ok',
            status: 200,
            afterMs: 143,
            ms: 200,
          },
        ],
        fallbacks: 1,
        waitedMs: 100,
        firstContentMs: 343,
        totalMs: 343,
        ownMs: 3,
        usage: USAGE,
      },
    ]);
    expect(JSON.stringify(records)).not.toContain('sk-secret');
  });

  test('counts a fallback whose first target was never called', async () => {
    const { clock, records, call } = bench(
      async () => chatCompletion({ target: 'anthropic/claude-3-5-sonnet-20241022' }),
      (next) => (request, context) => next({ ...request, target: SECOND }, context),
    );
    await clock.run(call());
    expect(records[0]?.fallbacks).toBe(1);
  });

  test('is written once, when a stream has been read to its end', async () => {
    const { clock, records, call } = bench(async (_request, context) => {
      await context.clock.sleep(250);
      return chatStream({ usage: USAGE });
    });
    const response = (await clock.run(call(chatRequest({ stream: true })))) as FakeStream;
    await clock.advance(1_000);
    expect(records).toEqual([]);
    for await (const _ of response);
    await response.discard();
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({
      outcome: 'completed',
      stream: true,
      firstContentMs: 250,
      totalMs: 1_250,
      ownMs: 0,
      usage: USAGE,
      finishReason: 'stop',
    });
  });

  test.each([
    ['failed', 'stream_broken', (stream: FakeStream) => readAll(stream).catch(() => undefined)],
    ['cancelled', undefined, (stream: FakeStream) => stream.return()],
    ['discarded', undefined, (stream: FakeStream) => stream.discard()],
  ] as const)('says that a stream was %s', async (outcome, kind, end) => {
    const { clock, records, call } = bench(async () => chatStream({ breaksWith: new Error('reset') }));
    await end((await clock.run(call())) as FakeStream);
    expect(records).toMatchObject([{ outcome, kind, status: 200 }]);
  });

  test('has the kind, the code and the status of what the caller is told', async () => {
    const { clock, records, call } = bench(async () => {
      throw failure('quota_exhausted', { code: 'insufficient_quota', upstream: { status: 402, headers: {} } });
    });
    await expect(clock.run(call())).rejects.toMatchObject({ kind: 'quota_exhausted' });
    expect(records[0]).toMatchObject({
      outcome: 'failed',
      kind: 'quota_exhausted',
      code: 'insufficient_quota',
      status: 429,
      served: undefined,
      firstContentMs: undefined,
      attempts: [{ outcome: 'quota_exhausted', status: 402 }],
    });
  });

  test('takes what is no PipelineError for a server error and hands it on as it is', async () => {
    const bug = new TypeError('x is undefined');
    const { clock, records, call } = bench(async () => {
      throw bug;
    });
    await expect(clock.run(call())).rejects.toBe(bug);
    expect(records[0]).toMatchObject({ outcome: 'failed', kind: 'server_error' });
  });

  test('never has negative own time, though hedged calls overlap', async () => {
    const { clock, records, call } = bench(
      async (_request, context) => {
        await context.clock.sleep(100);
        return chatCompletion();
      },
      (next) => async (request, context) => {
        const [first] = await Promise.all([next(request, context), next(request, context)]);
        return first as LlmResponse;
      },
    );
    await clock.run(call());
    expect(records[0]).toMatchObject({ ownMs: 0, totalMs: 100 });
  });
});

describe('the trail', () => {
  test('is the one that is there already', async () => {
    const trail = new Trail();
    const { clock, call } = bench(async () => chatCompletion());
    await clock.run(call(chatRequest(), createContext({ clock }, TRAIL.of(trail))));
    expect(trail.attempts).toMatchObject([{ target: PRIMARY, outcome: 'ok', startedAt: clock.now(), durationMs: 0 }]);
  });

  test('is not shared by requests', async () => {
    const { clock, records, call } = bench(async () => chatCompletion());
    await clock.run(Promise.all([call(), call()]));
    expect(records.map(({ attempts }) => attempts.length)).toEqual([1, 1]);
  });
});

describe('the log port', () => {
  test('may be a logger', async () => {
    const lines: unknown[][] = [];
    const telemetry = createTelemetry({ log: { info: (...line) => lines.push(line) } });
    const handler = pipeline([telemetry.request()], ANSWER);
    await handler(chatRequest(), createContext({ id: 'a' }));
    expect(lines).toMatchObject([[{ id: 'a', status: 200 }, 'request']]);
  });

  test('costs no answer when it throws', async () => {
    const log = () => {
      throw new Error('disk full');
    };
    const handler = pipeline([createTelemetry({ log }).request()], STREAM);
    const response = (await handler(chatRequest(), createContext())) as FakeStream;
    expect(await readAll(response)).toBe(3);
  });
});

test.each([
  [{ maxSeries: 1 }, 'telemetry: maxSeries must be an integer of at least 2, got 1'],
  [{ maxSeries: Number.NaN }, 'telemetry: maxSeries must be an integer of at least 2, got NaN'],
  [{ log: 'stdout' as never }, 'telemetry: log must be a function or an object with info(record), got "stdout"'],
  [{ meter: {} as never }, 'telemetry: meter must be an OpenTelemetry Meter, got an object'],
  [{ clock: {} as never }, 'telemetry: clock must be a Clock, got an object'],
])('options are checked: %j', (options, message) => {
  expect(() => createTelemetry(options)).toThrow(message);
});

describe('the cost of an answer', () => {
  const rates = (rate: number) => ({
    inputTokens: rate,
    cacheReadTokens: rate,
    cacheWriteTokens: rate,
    outputTokens: rate,
    reasoningTokens: rate,
  });
  const findModel: FindModel = ({ provider }) =>
    provider === 'openai' ? { price: rates(1_000) } : provider === 'anthropic' ? { price: rates(5_000) } : undefined;
  const at = (provider: Call, middle?: (next: Call) => Call) => bench(provider, middle, findModel);

  test('is on the record of a whole answer, and in the trail before the caller has it', async () => {
    const { clock, records, call } = at(async () => chatCompletion({ usage: USAGE }));
    const trail = new Trail();
    await clock.run(call(chatRequest(), createContext({ clock }, TRAIL.of(trail))));
    expect(trail.costNanoUsd).toBe(27_000);
    expect(records).toMatchObject([{ costNanoUsd: 27_000, costUsd: 0.000_027 }]);
  });

  test('is known of a stream when it has settled', async () => {
    const { clock, records, call } = at(async () => chatStream({ usage: USAGE }));
    const trail = new Trail();
    const stream = (await call(chatRequest(), createContext({ clock }, TRAIL.of(trail)))) as FakeStream;
    expect(trail.costNanoUsd).toBeUndefined();
    await clock.run(readAll(stream));
    expect(records).toMatchObject([{ costNanoUsd: 27_000 }]);
  });

  test('adds up over the parts of an answer, each at the price of its own target', async () => {
    const shares = [
      { target: PRIMARY, usage: USAGE },
      { target: SECOND, usage: USAGE },
    ];
    const { clock, records, call } = at(ANSWER, (next) => async (request, context) => {
      (context.get(TRAIL) as Trail).shares = shares;
      return next(request, context);
    });
    await clock.run(call());
    expect(records).toMatchObject([{ costNanoUsd: 27_000 + 135_000 }]);
  });

  test('is that of the answer alone: failed calls cost nothing', async () => {
    const { clock, records, call } = at(
      async (request) => {
        if (request.target.provider === 'openai') throw failure('server_error');
        return chatCompletion({ target: 'anthropic/claude-3-5-sonnet-20241022', usage: USAGE });
      },
      (next) => (request, context) => next(request, context).catch(() => next({ ...request, target: SECOND }, context)),
    );
    await clock.run(call());
    expect(records).toMatchObject([
      { costNanoUsd: 135_000, attempts: [{ outcome: 'server_error' }, { outcome: 'ok' }] },
    ]);
  });

  test('is left open where the model or the price is unknown, and where everything failed', async () => {
    const unknown = at(async () => chatCompletion({ target: 'local/llama', usage: USAGE }));
    await unknown.clock.run(unknown.call());
    const failed = at(async () => Promise.reject(failure('server_error')));
    await failed.clock.run(failed.call().catch(() => undefined));
    expect([...unknown.records, ...failed.records].map(({ costNanoUsd, costUsd }) => [costNanoUsd, costUsd])).toEqual([
      [undefined, undefined],
      [undefined, undefined],
    ]);
  });
});
