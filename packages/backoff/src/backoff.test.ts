import {
  createContext,
  PROBE,
  Trail,
  TRAIL,
  WAIT_UNTIL,
  type Context,
  type ContextEntry,
  type PipelineError,
} from '@x/core';
import { chatRequest, chatStream, contract, failure, scripted, VirtualClock } from '@x/core/testing';
import { describe, expect, test } from 'vitest';
import { backoff } from './backoff.ts';
import type { BackoffOptions, GiveUpEvent, WaitEvent } from './options.ts';

describe('contract', () => {
  for (const { name, run } of contract({ layer: () => backoff(), request: chatRequest, respond: chatStream })) {
    test(name, run);
  }
});

const clockAndContext = (
  options: { deadlineMs?: number } = {},
  ...entries: ContextEntry[]
): [VirtualClock, Context] => {
  const clock = new VirtualClock();
  const deadline = options.deadlineMs === undefined ? undefined : clock.now() + options.deadlineMs;
  return [clock, createContext({ clock, deadline }, ...entries)];
};
const request = { target: { provider: 'openai', model: 'gpt-4o-mini' } };

describe('backoff', () => {
  test.each(['network', 'overloaded', 'rate_limited', 'pool_exhausted'] as const)(
    'a probe that fails with %s is not repeated',
    async (kind) => {
      const [clock, context] = clockAndContext({}, PROBE.of(true));
      const inner = scripted<typeof request, string>(failure(kind, { retryAfterMs: 100 }), 'answer');
      await expect(clock.run(backoff()(inner)(request, context))).rejects.toMatchObject({ kind });
      expect(inner.calls).toHaveLength(1);
    },
  );

  test('waits out a rate limit and answers: never earlier than asked, jitter at most base on top', async () => {
    const [clock, context] = clockAndContext();
    const inner = scripted<typeof request, string>(failure('rate_limited', { retryAfterMs: 7_660 }), 'answer');
    const began = clock.now();
    expect(await clock.run(backoff()(inner)(request, context))).toBe('answer');
    expect(inner.calls.map(({ at }) => at - began)).toEqual([0, expect.any(Number)]);
    expect(clock.now() - began).toBeGreaterThanOrEqual(7_660);
    expect(clock.now() - began).toBeLessThanOrEqual(8_160);
  });

  test('gives the error itself back, untouched, when it gives up', async () => {
    const [clock, context] = clockAndContext({ deadlineMs: 5_000 });
    const error = failure('rate_limited', { retryAfterMs: 6_000 });
    const inner = scripted<typeof request, string>(error);
    await expect(clock.run(backoff()(inner)(request, context))).rejects.toBe(error);
    expect(inner.calls).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  test('does not sleep in vain: gives up at once when the wait would end after the deadline', async () => {
    const [clock, context] = clockAndContext({ deadlineMs: 5_000 });
    const began = clock.now();
    const inner = scripted<typeof request, string>(failure('rate_limited', { retryAfterMs: 1e15 }));
    await expect(clock.run(backoff()(inner)(request, context))).rejects.toMatchObject({ kind: 'rate_limited' });
    expect(clock.now()).toBe(began);
  });

  test('tells an inner layer the number of the upstream call', async () => {
    const [clock, context] = clockAndContext();
    const inner = scripted<typeof request, string>(
      failure('pool_exhausted', { retryAfterMs: 100 }),
      failure('rate_limited', { retryAfterMs: 100 }),
      failure('server_error'),
      'answer',
    );
    await clock.run(backoff()(inner)(request, context));
    expect(inner.calls.map((call) => call.context.attempt)).toEqual([1, 1, 2, 3]);
    expect(inner.calls[1]?.context).toBe(context);
  });

  test('waits for room as often as it takes, at no cost', async () => {
    const [clock, context] = clockAndContext({ deadlineMs: 30_000 });
    const full = failure('pool_exhausted', { retryAfterMs: 200 });
    const inner = scripted<typeof request, string>(...Array.from({ length: 40 }, () => full), 'answer');
    const layer = backoff({ maxAttempts: 1, budget: { burst: 0 } });
    expect(await clock.run(layer(inner)(request, context))).toBe('answer');
  });

  test('a pool that never has room ends at wait-until', async () => {
    const [clock, context] = clockAndContext();
    const began = clock.now();
    const bounded = context.with({}, WAIT_UNTIL.of(began + 2_500));
    const inner = scripted<typeof request, string>(failure('pool_exhausted', { retryAfterMs: 200 }));
    await expect(clock.run(backoff()(inner)(request, bounded))).rejects.toMatchObject({ kind: 'pool_exhausted' });
    expect(clock.now() - began).toBeLessThanOrEqual(2_500);
    expect(clock.now() - began).toBeGreaterThan(1_500);
  });

  test('without any bound in the context a pool that never has room ends after a minute', async () => {
    const [clock, context] = clockAndContext();
    const began = clock.now();
    const inner = scripted<typeof request, string>(failure('pool_exhausted', { retryAfterMs: 0 }));
    await expect(clock.run(backoff()(inner)(request, context))).rejects.toMatchObject({ kind: 'pool_exhausted' });
    expect(clock.now() - began).toBeLessThanOrEqual(60_000);
  });

  test('a pool that says "now" for ever is not asked in a tight loop', async () => {
    const [clock, context] = clockAndContext({ deadlineMs: 100 });
    const inner = scripted<typeof request, string>(failure('pool_exhausted', { retryAfterMs: 0 }));
    const layer = backoff({ baseMs: 0, capMs: 0 });
    await expect(clock.run(layer(inner)(request, context))).rejects.toMatchObject({ kind: 'pool_exhausted' });
    expect(inner.calls.length).toBeLessThanOrEqual(101);
  });

  test('asked to move on, it still makes the one quick retry', async () => {
    const [clock, context] = clockAndContext();
    const moveOn = context.with({}, WAIT_UNTIL.of(clock.now()));
    const inner = scripted<typeof request, string>(failure('network'), 'answer');
    expect(await clock.run(backoff()(inner)(request, moveOn))).toBe('answer');
    const limited = scripted<typeof request, string>(failure('rate_limited', { retryAfterMs: 1 }));
    await expect(clock.run(backoff()(limited)(request, moveOn))).rejects.toMatchObject({ kind: 'rate_limited' });
    expect(limited.calls).toHaveLength(1);
  });

  test.each(['timeout', 'authentication', 'context_length', 'stream_broken', 'cancelled'] as const)(
    'never repeats %s',
    async (kind) => {
      const [clock, context] = clockAndContext();
      const inner = scripted<typeof request, string>(failure(kind, { retryAfterMs: 1 }));
      await expect(clock.run(backoff()(inner)(request, context))).rejects.toMatchObject({ kind });
      expect(inner.calls).toHaveLength(1);
    },
  );

  test('after an abort the failure of the call is none', async () => {
    const clock = new VirtualClock();
    const controller = new AbortController();
    const handler = backoff()<typeof request, string>(async () => {
      controller.abort();
      throw failure('invalid_request');
    });
    const call = handler(request, createContext({ clock, signal: controller.signal }));
    await expect(clock.run(call)).rejects.toMatchObject({ kind: 'cancelled' });
  });

  const delays = async (options: BackoffOptions) => {
    const [clock, context] = clockAndContext();
    const waits: number[] = [];
    const layer = backoff({ ...options, onWait: ({ delayMs }) => waits.push(delayMs) });
    await clock.run(layer(scripted(failure('overloaded')))(request, context)).catch(() => undefined);
    return waits;
  };

  test('delays grow from try to try, with every jitter', async () => {
    const equal = await delays({ baseMs: 100, jitter: 'equal', maxAttempts: 5 });
    expect(equal.map((ms) => Math.floor(Math.log2(ms / 50)))).toEqual([0, 1, 2, 3]);
    const decorrelated = await delays({ baseMs: 100, jitter: 'decorrelated', maxAttempts: 8 });
    expect(decorrelated[0]).toBe(100);
    expect(Math.max(...decorrelated)).toBeGreaterThan(300);
  });

  test('adds what it waited to the trail, a wait cut short by an abort included', async () => {
    const trail = new Trail();
    const [clock, context] = clockAndContext({}, TRAIL.of(trail));
    const layer = backoff({ baseMs: 0, capMs: 0 });
    const limited = failure('rate_limited', { retryAfterMs: 1_000 });
    await clock.run(layer(scripted<typeof request, string>(limited, 'answer'))(request, context));
    expect(trail.waitedMs).toBe(1_000);

    const controller = new AbortController();
    const leaving = createContext({ clock, signal: controller.signal }, TRAIL.of(trail));
    const call = layer(scripted(limited))(request, leaving).catch((error: unknown) => error);
    await clock.advance(400);
    controller.abort();
    expect(await call).toMatchObject({ kind: 'cancelled' });
    expect(trail.waitedMs).toBe(1_400);
  });

  test('tells about each wait and about the end', async () => {
    const waits: WaitEvent[] = [];
    const ends: GiveUpEvent[] = [];
    const [clock, context] = clockAndContext();
    const error = failure('rate_limited', { retryAfterMs: 1_000 });
    const layer = backoff({
      baseMs: 0,
      capMs: 0,
      maxAttempts: 2,
      onWait: (event) => waits.push(event),
      onGiveUp: (event) => ends.push(event),
    });
    await expect(clock.run(layer(scripted(error))(request, context))).rejects.toBe(error);
    const common = { id: context.id, target: request.target, kind: 'rate_limited', error };
    expect(waits).toEqual([{ ...common, attempts: 1, waitedMs: 0, delayMs: 1_000, hintMs: 1_000 }]);
    expect(ends).toEqual([{ ...common, attempts: 2, waitedMs: 1_000, reason: 'attempts' }]);
  });

  test('repeats a plain error once quickly and then throws it on as it is', async () => {
    const [clock, context] = clockAndContext();
    const mistake = new TypeError('no such method');
    const inner = scripted<typeof request, string>(mistake);
    await expect(clock.run(backoff()(inner)(request, context))).rejects.toBe(mistake);
    expect(inner.calls).toHaveLength(2);
  });

  const outage = async (options: BackoffOptions, requests: number) => {
    const clock = new VirtualClock();
    const inner = scripted<typeof request, string>(failure('rate_limited', { retryAfterMs: 50 }));
    const handler = backoff(options)(inner);
    const deadline = clock.now() + 30_000;
    const calls = Array.from({ length: requests }, () =>
      handler(request, createContext({ clock, deadline })).catch((error: PipelineError) => error.kind),
    );
    expect(new Set(await clock.run(Promise.all(calls)))).toEqual(new Set(['rate_limited']));
    return inner.calls.length;
  };

  test('a total outage does not multiply traffic: at most 1.1 calls a request after the burst', async () => {
    expect(await outage({}, 500)).toBeLessThanOrEqual(1.1 * 500 + 10);
    expect(await outage({}, 20)).toBeLessThanOrEqual(1.1 * 20 + 10);
    expect(await outage({ budget: false }, 500)).toBe(4_000);
  });

  test('a burst at ten times the limit drains through the budget: all are answered, with few calls in vain', async () => {
    const clock = new VirtualClock();
    const deadline = clock.now() + 60_000;
    const window = { endsAt: clock.now() + 1_000, room: 20 };
    let refused = 0;
    const handler = backoff()<typeof request, string>(async (_request, { clock }) => {
      if (clock.now() >= window.endsAt) Object.assign(window, { endsAt: clock.now() + 1_000, room: 20 });
      if (window.room === 0) {
        refused += 1;
        throw failure('rate_limited', { retryAfterMs: window.endsAt - clock.now() });
      }
      window.room -= 1;
      await clock.sleep(400);
      return 'answer';
    });
    const calls = Array.from({ length: 200 }, () => handler(request, createContext({ clock, deadline })));
    const answers = await clock.run(Promise.all(calls));
    expect(answers).toEqual(Array.from({ length: 200 }, () => 'answer'));
    expect(refused).toBeLessThanOrEqual(180 + 0.1 * 200 + 10);
  });

  /** A layer whose budget is spent: it had one retry, and that failed. */
  const spent = async (clock: VirtualClock) => {
    const layer = backoff({ budget: { burst: 1 }, maxAttempts: 2 });
    await clock.run(layer(scripted(failure('server_error')))(request, createContext({ clock }))).catch(() => undefined);
    return layer;
  };

  test('with an empty budget a request that may wait long waits for the budget, one that may not gives up at once', async () => {
    const [clock, context] = clockAndContext();
    const layer = await spent(clock);
    const began = clock.now();
    const soon = context.with({}, WAIT_UNTIL.of(began + 2_500));
    const inner = scripted<typeof request, string>(failure('rate_limited', { retryAfterMs: 100 }), 'answer');
    await expect(clock.run(layer(inner)(request, soon))).rejects.toMatchObject({ kind: 'rate_limited' });
    expect(clock.now()).toBe(began);

    const late = context.with({}, WAIT_UNTIL.of(began + 30_000));
    const waiter = layer(scripted<typeof request, string>(failure('rate_limited', { retryAfterMs: 100 }), 'late'))(
      request,
      late,
    );
    await clock.advance(5_000);
    const healthy = layer(scripted<typeof request, string>('answer'));
    for (let success = 0; success < 10; success += 1) await healthy(request, context);
    expect(await clock.run(waiter)).toBe('late');
  });

  test('a request that an outer layer sends again is a retry and needs the budget', async () => {
    const [clock, context] = clockAndContext();
    const layer = await spent(clock);
    const inner = scripted<typeof request, string>('answer');
    const again = context.with({ attempt: 2 }, WAIT_UNTIL.of(clock.now() + 100));
    await expect(clock.run(layer(inner)(request, again))).rejects.toMatchObject({
      kind: 'pool_exhausted',
      code: 'retry_budget_empty',
      retryAfterMs: 1_000,
      target: request.target,
    });
    expect(inner.calls).toHaveLength(0);
    expect(await clock.run(backoff()(inner)(request, again))).toBe('answer');
  });

  test('a retry that finds the pool full, or is aborted while it waits, gives its token back', async () => {
    const [clock, context] = clockAndContext();
    const layer = backoff({ budget: { burst: 1, deposit: 0 } });
    const steps = [failure('rate_limited', { retryAfterMs: 10 }), failure('pool_exhausted', { retryAfterMs: 60_001 })];
    await expect(clock.run(layer(scripted(...steps))(request, context))).rejects.toBe(steps[1]);

    const controller = new AbortController();
    const leaving = createContext({ clock, signal: controller.signal }, WAIT_UNTIL.of(clock.now() + 4_000));
    const call = layer(scripted(failure('rate_limited', { retryAfterMs: 1_000 })))(request, leaving);
    const ended = call.catch((error: PipelineError) => error.kind);
    await clock.advance(10);
    controller.abort();
    expect(await ended).toBe('cancelled');
    expect(
      await clock.run(layer(scripted<typeof request, string>(failure('network'), 'answer'))(request, context)),
    ).toBe('answer');
  });

  test('the outage of one target leaves the retries of another alone', async () => {
    const [clock, context] = clockAndContext();
    const other = { target: { provider: 'anthropic', model: 'claude-sonnet-4-5' } };
    const down = failure('server_error');
    let calls = 0;
    const handler = backoff()<typeof request, string>(async ({ target }) => {
      if (target.provider === 'openai') throw down;
      calls += 1;
      if (calls === 1) throw down;
      return 'answer';
    });
    for (let index = 0; index < 20; index += 1) await clock.run(handler(request, context)).catch(() => undefined);
    expect(await clock.run(handler(other, context))).toBe('answer');
  });

  test('refuses options that make no sense, naming them', () => {
    expect(() => backoff({ maxAttempts: 0 })).toThrow(
      'backoff: maxAttempts must be a finite number of at least 1, got 0',
    );
    expect(() => backoff({ maxAttempts: 1.5 })).toThrow('backoff: maxAttempts must be a whole number, got 1.5');
    expect(() => backoff({ baseMs: 10, capMs: 5 })).toThrow('backoff: capMs');
    expect(() => backoff({ quickRetryMs: Number.NaN })).toThrow('backoff: quickRetryMs');
    expect(() => backoff({ maxWaitMs: -1 })).toThrow('backoff: maxWaitMs');
    expect(() => backoff({ maxTargets: 0 })).toThrow('backoff: maxTargets');
    expect(() => backoff({ budget: { burst: -1 } })).toThrow('backoff: budget: burst');
    expect(() => backoff({ onWait: 'log' as unknown as () => void })).toThrow(
      'backoff: onWait must be a function, got string',
    );
  });
});
