import { getEventListeners } from 'node:events';
import {
  createContext,
  EventStream,
  PipelineError,
  TARGETS_LEFT,
  type Context,
  type Handler,
  type LlmRequest,
  type LlmResponse,
  type StreamEvent,
} from '@x/core';
import { chatCompletion, chatRequest, chatStream, contract, scripted, VirtualClock } from '@x/core/testing';
import { describe, expect, test } from 'vitest';
import { HELD } from '../held.ts';
import type { SilentEvent } from '../options.ts';
import { timeLimits } from './time-limits.ts';

for (const targetsLeft of [0, 2]) {
  describe(`the contract, with ${targetsLeft} targets left`, () => {
    const subject = {
      layer: () => timeLimits(),
      request: () => chatRequest({ stream: true }),
      respond: () => chatStream(),
      entries: () => [TARGETS_LEFT.of(targetsLeft)],
      wraps: true,
    };
    for (const { name, run } of contract<LlmRequest, LlmResponse>(subject)) test(name, run);
  });
}

interface Bench {
  clock: VirtualClock;
  context: Context;
  controller: AbortController;
}

function bench({ deadlineMs, left, held = false }: { deadlineMs?: number; left?: number; held?: boolean } = {}): Bench {
  const clock = new VirtualClock();
  const controller = new AbortController();
  const deadline = deadlineMs === undefined ? undefined : clock.now() + deadlineMs;
  const entries = [...(left === undefined ? [] : [TARGETS_LEFT.of(left)]), ...(held ? [HELD.of(true)] : [])];
  return { clock, controller, context: createContext({ clock, deadline, signal: controller.signal }, ...entries) };
}

function atRest({ clock, controller }: Bench): void {
  expect(clock.pending).toBe(0);
  expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
}

const event = (text: string): StreamEvent => ({ frame: `data: ${text}\n\n`, parts: [{ type: 'text', text }] });

/** One event after each of these waits, in milliseconds. Watches the signal, as a provider does. */
function paced(...waits: readonly number[]): { provider: Handler<LlmRequest, LlmResponse>; seen: AbortSignal[] } {
  const seen: AbortSignal[] = [];
  const provider = async (request: LlmRequest, context: Context): Promise<LlmResponse> => {
    seen.push(context.signal);
    const [first = 0, ...rest] = waits;
    await context.clock.sleep(first, context.signal);
    return new EventStream({
      target: request.target,
      dialect: request.dialect,
      headers: {},
      head: [event('first')],
      read: async () => {
        const wait = rest.shift();
        if (wait === undefined) return undefined;
        await context.clock.sleep(wait, context.signal);
        return [event('more')];
      },
      close: () => undefined,
    });
  };
  return { provider, seen };
}

const silence: Handler<LlmRequest, LlmResponse> = () => new Promise(() => undefined);

async function failureOf(work: Promise<unknown>): Promise<PipelineError> {
  try {
    await work;
  } catch (error) {
    if (PipelineError.isInstance(error)) return error;
    throw error;
  }
  throw new Error('resolved');
}

async function drain(stream: LlmResponse): Promise<string[]> {
  const texts: string[] = [];
  if (stream.stream)
    for await (const { parts } of stream) for (const p of parts) if (p.type === 'text') texts.push(p.text);
  return texts;
}

const streamed = chatRequest({ stream: true });
const whole = chatRequest();

describe('until the commit', () => {
  test('a silent target is left after the first-token limit while another remains', async () => {
    const b = bench({ deadlineMs: 600_000, left: 1 });
    const began = b.clock.now();
    const { provider, seen } = paced(60_000);
    const error = await failureOf(b.clock.run(timeLimits()(provider)(streamed, b.context)));
    expect([error.kind, error.code, b.clock.now() - began]).toEqual(['timeout', 'first_token_timeout', 10_000]);
    expect(error.target).toEqual(streamed.target);
    expect(seen[0]?.aborted).toBe(true);
    atRest(b);
  });

  test('silence of the last target is told of once, and the call goes on', async () => {
    const b = bench({ deadlineMs: 600_000, left: 0 });
    const began = b.clock.now();
    const told: [string, number][] = [];
    const onSilent = ({ target, now }: SilentEvent) => told.push([target.model, now - began]);
    const { provider } = paced(200_000);
    expect(await drain(await b.clock.run(timeLimits({ onSilent })(provider)(streamed, b.context)))).toEqual(['first']);
    expect(told).toEqual([['gpt-4o-mini', 60_000]]);
    atRest(b);
  });

  test('nobody is told of one that begins in time, or of a whole answer, which is silent until it is done', async () => {
    const b = bench({ deadlineMs: 600_000, left: 1 });
    const told: SilentEvent[] = [];
    const options = { firstTokenMs: 50_000, onSilent: (event: SilentEvent) => told.push(event) };
    const { provider } = paced(40_000);
    await drain(await b.clock.run(timeLimits(options)(provider)(streamed, b.context)));
    await failureOf(b.clock.run(timeLimits(options)(silence)(whole, b.context)));
    expect(told).toEqual([]);
    atRest(b);
  });

  test('the last target may take longer', async () => {
    const b = bench({ deadlineMs: 600_000, left: 0 });
    const { provider } = paced(60_000);
    const answer = await b.clock.run(timeLimits()(provider)(streamed, b.context));
    expect(await b.clock.run(drain(answer))).toEqual(['first']);
    atRest(b);
  });

  test('a whole answer has no first token: its share of the deadline bounds it', async () => {
    const b = bench({ deadlineMs: 90_000, left: 2 });
    const began = b.clock.now();
    const error = await failureOf(b.clock.run(timeLimits()(silence)(whole, b.context)));
    expect([error.kind, error.code, b.clock.now() - began]).toEqual(['timeout', 'attempt_timeout', 30_000]);
    atRest(b);
  });

  test('a share that is shorter than the first-token limit wins', async () => {
    const b = bench({ deadlineMs: 6_000, left: 1 });
    const error = await failureOf(b.clock.run(timeLimits()(silence)(streamed, b.context)));
    expect(error.code).toBe('attempt_timeout');
  });

  test('the last target of a stream gets the rest, and not a millisecond more', async () => {
    const b = bench({ deadlineMs: 6_000 });
    const began = b.clock.now();
    const error = await failureOf(b.clock.run(timeLimits()(silence)(streamed, b.context)));
    expect([error.kind, error.code, b.clock.now() - began]).toEqual(['timeout', 'deadline_exceeded', 6_000]);
    atRest(b);
  });

  test('three silent targets in a row stay within the deadline', async () => {
    const clock = new VirtualClock();
    const deadline = clock.now() + 12_000;
    const began = clock.now();
    const ends: number[] = [];
    for (const left of [2, 1, 0]) {
      const context = createContext({ clock, deadline }, TARGETS_LEFT.of(left));
      await failureOf(clock.run(timeLimits()(silence)(streamed, context)));
      ends.push(clock.now() - began);
    }
    expect(ends).toEqual([4_000, 8_000, 12_000]);
  });

  test('an answer that comes after its limit is discarded', async () => {
    const b = bench({ left: 1 });
    const late = chatStream();
    const deaf: Handler<LlmRequest, LlmResponse> = async (_request, { clock }) => {
      await clock.sleep(11_000);
      return late;
    };
    await failureOf(b.clock.run(timeLimits()(deaf)(streamed, b.context)));
    await b.clock.advance(2_000);
    expect(late.closed).toBe(true);
    atRest(b);
  });

  test('a whole answer of the last target is passed through untouched', async () => {
    const b = bench({ deadlineMs: 1_000 });
    const inner = scripted<LlmRequest, LlmResponse>(chatCompletion());
    await timeLimits()(inner)(whole, b.context);
    expect(inner.calls[0]?.context).toBe(b.context);
  });

  test('without limits nothing is wrapped', async () => {
    const b = bench({ left: 1 });
    const stream = chatStream();
    const layer = timeLimits({ firstTokenMs: false, idleMs: false });
    expect(await layer(scripted<LlmRequest, LlmResponse>(stream))(streamed, b.context)).toBe(stream);
  });
});

describe('after the commit', () => {
  test('a stalled stream breaks after the idle limit, and its call is aborted', async () => {
    const b = bench();
    const { provider, seen } = paced(0, 1_000, 5_000_000);
    const answer = await b.clock.run(timeLimits()(provider)(streamed, b.context));
    const began = b.clock.now();
    const error = await failureOf(b.clock.run(drain(answer)));
    expect([error.kind, error.code, b.clock.now() - began]).toEqual(['stream_broken', 'idle_timeout', 61_000]);
    expect(seen[0]?.aborted).toBe(true);
    atRest(b);
  });

  test('events in time keep it going, with one timer in all', async () => {
    const b = bench();
    const { provider } = paced(0, ...Array.from({ length: 100 }, () => 1_000));
    const answer = await b.clock.run(timeLimits()(provider)(streamed, b.context));
    let scheduled = 0;
    const { schedule } = b.clock;
    b.clock.schedule = (ms, callback) => {
      scheduled += 1;
      return schedule.call(b.clock, ms, callback);
    };
    expect(await b.clock.run(drain(answer))).toHaveLength(101);
    // 100 sleeps of the provider are ours to subtract; the idle timer is armed once a minute.
    expect(scheduled).toBeLessThanOrEqual(100 + 4);
    atRest(b);
  });

  test('time in which nobody reads does not count', async () => {
    const b = bench();
    const { provider } = paced(0, 10, 10);
    const answer = await b.clock.run(timeLimits()(provider)(streamed, b.context));
    const texts: string[] = [];
    await b.clock.run(async () => {
      if (!answer.stream) return;
      for await (const { parts } of answer) {
        if (parts[0]?.type === 'text') texts.push(parts[0].text);
        await b.clock.sleep(300_000);
      }
    });
    expect(texts).toEqual(['first', 'more', 'more']);
    atRest(b);
  });

  test('the deadline ends a stream that still flows as a timeout', async () => {
    const b = bench({ deadlineMs: 10_000 });
    const { provider } = paced(0, ...Array.from({ length: 100 }, () => 1_000));
    const answer = await b.clock.run(timeLimits()(provider)(streamed, b.context));
    const began = b.clock.now();
    const error = await failureOf(b.clock.run(drain(answer)));
    expect([error.kind, error.code, b.clock.now() - began]).toEqual(['timeout', 'deadline_exceeded', 10_000]);
    atRest(b);
  });

  test('a held stream has its share of the time for all of it', async () => {
    const b = bench({ deadlineMs: 40_000, left: 1, held: true });
    const { provider } = paced(0, ...Array.from({ length: 100 }, () => 1_000));
    const answer = await b.clock.run(timeLimits()(provider)(streamed, b.context));
    const began = b.clock.now();
    const error = await failureOf(b.clock.run(drain(answer)));
    expect([error.kind, error.code, b.clock.now() - began]).toEqual(['timeout', 'attempt_timeout', 20_000]);
  });

  test.each(['abort', 'return', 'discard'] as const)('%s while a read waits leaves nothing behind', async (how) => {
    const b = bench();
    const { provider, seen } = paced(0, 30_000);
    const answer = (await b.clock.run(timeLimits()(provider)(streamed, b.context))) as EventStream;
    await answer.next();
    const read = answer.next().then(
      ({ done }) => done,
      (error: unknown) => (error as PipelineError).kind,
    );
    await b.clock.advance(5);
    if (how === 'abort') b.controller.abort();
    else await answer[how]();
    expect(seen[0]?.aborted).toBe(how === 'abort');
    await b.clock.advance(40_000);
    expect(await read).toBe(how === 'abort' ? 'cancelled' : true);
    atRest(b);
  });

  test('200 calls that end in every way leave neither timers nor listeners', async () => {
    const b = bench({ deadlineMs: 60_000, left: 1 });
    const handler = timeLimits({ idleMs: 500 });
    await b.clock.run(
      Promise.all(
        Array.from({ length: 200 }, async (_, index) => {
          const { provider } = paced((index % 7) * 2_000, (index % 5) * 200);
          const answer = await handler(provider)(index % 3 === 0 ? whole : streamed, b.context).catch(() => undefined);
          if (answer?.stream !== true) return;
          if (index % 4 === 0) await answer.discard();
          else await drain(answer).catch(() => undefined);
        }),
      ),
    );
    atRest(b);
  });
});

describe('options', () => {
  test.each([
    [{ firstTokenMs: 0 }, 'timeLimits: firstTokenMs must be a finite number above 0, got 0'],
    [{ idleMs: -1 }, 'timeLimits: idleMs must be a finite number above 0, got -1'],
    [{ idleMs: Number.NaN }, 'timeLimits: idleMs must be a finite number above 0, got NaN'],
    [{ firstTokenMs: '1' as never }, 'timeLimits: firstTokenMs must be a number, got string'],
  ])('%j', (options, message) => {
    expect(() => timeLimits(options)).toThrow(message);
  });
});
