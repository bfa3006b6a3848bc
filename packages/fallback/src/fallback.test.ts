import {
  createContext,
  pipeline,
  TARGETS_LEFT,
  Trail,
  TRAIL,
  WAIT_UNTIL,
  type ContextEntry,
  type ErrorKind,
  type LlmRequest,
  type LlmResponse,
  type Targeted,
} from '@x/core';
import { chatRequest, chatStream, contract, failure, scripted, VirtualClock } from '@x/core/testing';
import { describe, expect, test } from 'vitest';
import { CHAIN } from './chain.ts';
import { ChainExhaustedError } from './chain-exhausted-error.ts';
import { fallback } from './fallback.ts';
import type { FallbackEvent, FallbackOptions } from './fallback-options.ts';
import { route } from './route.ts';

const target = (model: string) => ({ provider: 'test', model });

const chain = [target('a'), target('b'), target('c')];

for (const [title, entries] of [
  ['contract, alone', []],
  ['contract, with a chain', [CHAIN.of(chain)]],
] as const) {
  describe(title, () => {
    const subject = { layer: () => fallback(), request: chatRequest, respond: chatStream, entries: () => entries };
    for (const { name, run } of contract(subject)) test(name, run);
  });
}

const request: Targeted = { target: target('a') };

/** A virtual clock, and a context in which a, b and c are the chain. */
function start(...entries: readonly ContextEntry[]) {
  const clock = new VirtualClock();
  return { clock, began: clock.now(), context: createContext({ clock }, CHAIN.of(chain), ...entries) };
}

const steps = (...script: readonly (string | Error)[]) => scripted<Targeted, string>(...script);
const models = ({ calls }: ReturnType<typeof steps>) => calls.map(({ request }) => request.target.model);

describe('fallback', () => {
  test('the next target answers with the same request, meant for it', async () => {
    const { clock, context } = start();
    const inner = scripted<Targeted & { body: object }, string>(failure('overloaded'), 'answer');
    const asked = { ...request, body: {} };
    expect(await clock.run(fallback()(inner)(asked, context))).toBe('answer');
    expect(inner.calls[0]?.request).toBe(asked);
    expect(inner.calls[1]?.request).toEqual({ target: target('b'), body: {} });
    expect(inner.calls[1]?.request.body).toBe(asked.body);
  });

  test('a target alone gets all the time there is, and its own error back', async () => {
    const clock = new VirtualClock();
    const error = failure('rate_limited', { retryAfterMs: 90_000 });
    const inner = steps(error);
    const deadline = clock.now() + 8_000;
    await expect(clock.run(fallback()(inner)(request, createContext({ clock })))).rejects.toBe(error);
    await expect(clock.run(fallback()(inner)(request, createContext({ clock, deadline })))).rejects.toBe(error);
    const bounds = inner.calls.map(({ context, at }) => (context.get(WAIT_UNTIL) ?? 0) - at);
    expect(bounds).toEqual([30_000, 8_000]);
  });

  test('an outer bound for waits is never extended', async () => {
    const clock = new VirtualClock();
    const inner = steps('answer');
    const until = WAIT_UNTIL.of(clock.now() + 1_000);
    await clock.run(fallback()(inner)(request, createContext({ clock }, until)));
    await clock.run(fallback()(inner)(request, createContext({ clock }, CHAIN.of(chain), until)));
    expect(inner.calls.map(({ context }) => context.get(WAIT_UNTIL))).toEqual([until.value, until.value]);
  });

  test("without a route the request's own fallbacks are the chain", async () => {
    const clock = new VirtualClock();
    const inner = steps(failure('network'), 'answer');
    const own = { ...request, fallbacks: [target('a'), target('z')] };
    expect(await clock.run(fallback()(inner)(own, createContext({ clock })))).toBe('answer');
    expect(models(inner)).toEqual(['a', 'z']);
  });

  test('follows a route', async () => {
    const clock = new VirtualClock();
    const inner = scripted<LlmRequest, LlmResponse>(failure('network'), chatStream());
    const handler = pipeline([route({ chains: { 'openai/gpt-4o-mini': ['x/y'] } }), fallback()], inner);
    await clock.run(handler(chatRequest(), createContext({ clock })));
    expect(inner.calls.map((call) => call.request.target.provider)).toEqual(['openai', 'x']);
  });

  test('a route may say for a model that a refusal moves on, or that it does not', async () => {
    const run = async (kinds: readonly ErrorKind[], moveOnAfter: readonly ErrorKind[]) => {
      const clock = new VirtualClock();
      const inner = scripted<LlmRequest, LlmResponse>(failure('content_filter'), chatStream());
      const model = 'openai/gpt-4o-mini';
      const layers = [route({ moveOnAfter: { [model]: kinds } }), fallback({ moveOnAfter })];
      const handler = pipeline(layers, inner);
      const call = handler(chatRequest({ model, fallbacks: ['x/y'] }), createContext({ clock }));
      await clock.run(
        call.then(
          () => undefined,
          () => undefined,
        ),
      );
      return inner.calls.length;
    };
    expect(await run(['content_filter'], [])).toBe(2);
    expect(await run([], ['content_filter'])).toBe(1);
  });

  test('says inside how many others may still be asked', async () => {
    const { clock, context } = start();
    const inner = steps(failure('network'), failure('network'), 'answer');
    await clock.run(fallback()(inner)(request, context));
    await clock.run(fallback()(inner)(request, createContext({ clock })));
    expect(inner.calls.map((call) => call.context.get(TARGETS_LEFT))).toEqual([2, 1, 0, 0]);
  });

  test.each([
    'invalid_request',
    'content_filter',
    'limit_exceeded',
    'budget_exceeded',
    'stream_broken',
    'cancelled',
  ] as const)('%s is thrown on at once, as it is', async (kind) => {
    const { clock, context } = start();
    const error = failure(kind, { retryAfterMs: 10 });
    const inner = steps(error);
    await expect(clock.run(fallback()(inner)(request, context))).rejects.toBe(error);
    expect(inner.calls).toHaveLength(1);
  });

  test('the same kind from a later target is thrown on too', async () => {
    const { clock, context } = start();
    const error = failure('invalid_request');
    const inner = steps(failure('network'), error);
    await expect(clock.run(fallback()(inner)(request, context))).rejects.toBe(error);
    expect(models(inner)).toEqual(['a', 'b']);
  });

  test('a kind that needs consent moves on where it is given', async () => {
    const { clock, context } = start();
    const inner = steps(failure('content_filter'), 'answer');
    expect(await clock.run(fallback({ moveOnAfter: ['content_filter'] })(inner)(request, context))).toBe('answer');
  });

  test('a target whose dialect cannot express the request hides neither the next one nor an earlier failure', async () => {
    const inexpressible = failure('invalid_request', { code: 'unsupported_field', param: 'n' });
    const { clock, context } = start();
    expect(await clock.run(fallback()(steps(inexpressible, 'answer'))(request, context))).toBe('answer');
    const all = steps(failure('rate_limited', { retryAfterMs: 90_000 }), inexpressible, inexpressible);
    await expect(clock.run(fallback()(all)(request, context))).rejects.toMatchObject({ kind: 'rate_limited' });
  });

  test('a plain error moves on as a fault of the server', async () => {
    const { clock, context } = start();
    const mistake = new TypeError('no such method');
    expect(await clock.run(fallback()(steps(mistake, 'answer'))(request, context))).toBe('answer');
    const error: unknown = await clock
      .run(fallback()(steps(mistake))(request, context))
      .catch((error: unknown) => error);
    expect(error).toMatchObject({ kind: 'server_error', message: 'no such method', cause: { cause: mistake } });
  });

  test.each(['network', 'invalid_request'] as const)(
    'an abort stops everything, even if the target says %s',
    async (kind) => {
      const { clock } = start();
      const controller = new AbortController();
      const context = createContext({ clock, signal: controller.signal }, CHAIN.of(chain));
      let calls = 0;
      const handler = fallback()<Targeted, string>(async () => {
        calls += 1;
        controller.abort();
        throw failure(kind);
      });
      await expect(clock.run(handler(request, context))).rejects.toMatchObject({ kind: 'cancelled' });
      expect(calls).toBe(1);
    },
  );

  test('an AbortError from inside is a cancellation', async () => {
    const { clock, context } = start();
    const inner = steps(new DOMException('gone', 'AbortError'));
    await expect(clock.run(fallback()(inner)(request, context))).rejects.toMatchObject({ kind: 'cancelled' });
    expect(inner.calls).toHaveLength(1);
  });

  test('when all have failed, the best error stands for them and all are listed', async () => {
    const trail = new Trail();
    const { clock, context } = start(TRAIL.of(trail));
    const record = {
      target: target('a'),
      key: 'k',
      outcome: 'network',
      status: undefined,
      startedAt: 0,
      durationMs: 1,
    } as const;
    trail.attempts.push(record);
    const best = failure('rate_limited', {
      retryAfterMs: 45_000,
      code: 'rate_limit_exceeded',
      target: target('b'),
      upstream: { status: 429, headers: {} },
    });
    const inner = steps(failure('network'), best, failure('quota_exhausted', { retryAfterMs: 3_600_000 }));
    const error: unknown = await clock.run(fallback()(inner)(request, context)).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(ChainExhaustedError);
    const { kind, code, message, upstream } = best;
    expect(error).toMatchObject({
      kind,
      code,
      message,
      upstream,
      retryAfterMs: 45_000,
      cause: best,
      target: target('b'),
    });
    expect(error).toMatchObject({
      name: 'ChainExhaustedError',
      attempts: [record],
      failures: [
        { target: target('a'), kind: 'network', message: 'scripted network', retryAfterMs: undefined },
        { target: target('b'), kind: 'rate_limited', retryAfterMs: 45_000 },
        { target: target('c'), kind: 'quota_exhausted', retryAfterMs: 3_600_000 },
      ],
    });
    expect(models(inner)).toEqual(['a', 'b', 'c']);
  });

  test('a deadline that has passed is no time to ask anyone', async () => {
    const { clock } = start();
    const context = createContext({ clock, deadline: clock.now() }, CHAIN.of(chain));
    const inner = steps('answer');
    await expect(clock.run(fallback()(inner)(request, context))).rejects.toMatchObject({
      kind: 'timeout',
      code: 'deadline_exceeded',
    });
    expect(inner.calls).toHaveLength(0);
  });

  test('tells about each change of target, and not about staying', async () => {
    const events: FallbackEvent[] = [];
    const { clock, context } = start();
    const errors = [
      failure('network'),
      failure('rate_limited', { retryAfterMs: 3_000 }),
      failure('timeout'),
      failure('rate_limited', { retryAfterMs: 2_900 }),
    ];
    const layer = fallback({ onFallback: (event) => events.push(event) });
    expect(await clock.run(layer(steps(...errors, 'answer'))(request, context))).toBe('answer');
    const { id } = context;
    expect(events).toEqual([
      { id, from: target('a'), to: target('b'), kind: 'network', error: errors[0], phase: 'next' },
      { id, from: target('b'), to: target('c'), kind: 'rate_limited', error: errors[1], phase: 'next' },
      { id, from: target('c'), to: target('b'), kind: 'timeout', error: errors[2], phase: 'waiting' },
    ]);
  });

  test('where nothing inside waits it pauses itself, and adds that to the trail', async () => {
    const trail = new Trail();
    const { clock, began, context } = start(TRAIL.of(trail));
    const full = failure('rate_limited', { retryAfterMs: 3_000 });
    const inner = steps(failure('network'), full, failure('network'), full, 'answer');
    expect(await clock.run(fallback()(inner)(request, context))).toBe('answer');
    expect(models(inner)).toEqual(['a', 'b', 'c', 'b', 'b']);
    expect(clock.now() - began).toBeGreaterThanOrEqual(3_000);
    expect(clock.now() - began).toBeLessThanOrEqual(3_250);
    expect(trail.waitedMs).toBe(clock.now() - began);
    expect(inner.calls.map((call) => call.context.attempt)).toEqual([1, 1, 1, 2, 3]);
  });

  test('refuses options that make no sense, naming them', () => {
    const made = (options: unknown) => () => fallback(options as FallbackOptions);
    expect(made({ patienceMs: -1 })).toThrow('fallback: patienceMs must be a finite number of at least 0, got -1');
    expect(made({ maxWaitMs: '30s' })).toThrow('fallback: maxWaitMs must be a number, got string');
    expect(made({ maxWaitMs: Infinity })).toThrow('fallback: maxWaitMs');
    expect(made({ moveOnAfter: ['invalid_request'] })).toThrow(
      'moveOnAfter takes content_filter, limit_exceeded and budget_exceeded, got "invalid_request"',
    );
    expect(made({ moveOnAfter: 'content_filter' })).toThrow('fallback: moveOnAfter must be a list of kinds');
    expect(made({ onFallback: 1 })).toThrow('fallback: onFallback must be a function, got number');
  });
});
