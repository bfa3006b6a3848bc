import { VirtualClock } from '@x/core/testing';
import { describe, expect, test, vi } from 'vitest';
import { RetryBudget } from '../retry-budget.ts';
import type { RetryWaitEvent } from './options.ts';
import { retry, type RetryAttempt } from './retry.ts';

const busy = (headers: Record<string, string> = {}) => Object.assign(new Error('busy'), { status: 503, headers });

/** Plays the steps one by one, the last of them for ever. */
function plays(...steps: unknown[]) {
  return vi.fn<(attempt: RetryAttempt) => Promise<unknown>>(async ({ attempt }) => {
    const step = steps[Math.min(attempt, steps.length) - 1];
    if (step instanceof Error) throw step;
    return step;
  });
}

describe('retry', () => {
  test('calls again until it works, counting the tries', async () => {
    const clock = new VirtualClock();
    const fn = plays(busy(), busy(), 'done');
    expect(await clock.run(retry(fn, { clock }))).toBe('done');
    expect(fn.mock.calls.map(([{ attempt }]) => attempt)).toEqual([1, 2, 3]);
  });

  test('throws the original error after the last try', async () => {
    const clock = new VirtualClock();
    const last = busy();
    const fn = plays(busy(), last);
    await expect(clock.run(retry(fn, { clock, maxAttempts: 2 }))).rejects.toBe(last);
    expect(fn).toHaveBeenCalledTimes(2);
  });

  test('does not repeat what looks like a mistake, unless told to', async () => {
    const clock = new VirtualClock();
    const mistake = new TypeError('undefined is not a function');
    await expect(retry(plays(mistake), { clock })).rejects.toBe(mistake);
    const fn = plays(mistake, 'done');
    expect(await clock.run(retry(fn, { clock, retryIf: ({ error }) => error === mistake }))).toBe('done');
  });

  test('retryIf can also forbid', async () => {
    const error = busy();
    const fn = plays(error);
    await expect(retry(fn, { clock: new VirtualClock(), retryIf: ({ status }) => status !== 503 })).rejects.toBe(error);
    expect(fn).toHaveBeenCalledTimes(1);
  });

  test('a function that throws at once is treated like one that rejects', async () => {
    const error = new TypeError('bad URL');
    const fn = () => {
      throw error;
    };
    await expect(retry(fn, { clock: new VirtualClock() })).rejects.toBe(error);
  });

  test('waits at least as long as it was asked to, and says so beforehand', async () => {
    const clock = new VirtualClock();
    const began = clock.now();
    const events: RetryWaitEvent[] = [];
    await clock.run(
      retry(plays(busy({ 'retry-after': '3' }), 'done'), { clock, onWait: (event) => events.push(event) }),
    );
    expect(clock.now() - began).toBeGreaterThanOrEqual(3_000);
    expect(clock.now() - began).toBeLessThanOrEqual(3_500);
    expect(events).toEqual([
      expect.objectContaining({
        attempt: 1,
        status: 503,
        hintMs: 3_000,
        delayMs: expect.closeTo(clock.now() - began, 2),
      }),
    ]);
  });

  test.each(['1000000000000', '99999999999999999999999999', '61'])(
    'gives up at once on a hint of %s seconds',
    async (seconds) => {
      const clock = new VirtualClock();
      const error = busy({ 'retry-after': seconds });
      await expect(retry(plays(error), { clock })).rejects.toBe(error);
      expect(clock.pending).toBe(0);
    },
  );

  test('maxWaitMs bounds the sum of the waits', async () => {
    const fn = plays(busy({ 'retry-after': '3' }));
    const clock = new VirtualClock();
    await expect(clock.run(retry(fn, { clock, maxAttempts: 9, maxWaitMs: 8_000 }))).rejects.toMatchObject({
      status: 503,
    });
    expect(fn).toHaveBeenCalledTimes(3);
  });

  test('decorrelated delays grow from the one before', async () => {
    const clock = new VirtualClock();
    const waits: number[] = [];
    const onWait = ({ delayMs }: RetryWaitEvent) => waits.push(delayMs);
    await clock
      .run(retry(plays(busy()), { clock, maxAttempts: 8, baseMs: 100, jitter: 'decorrelated', onWait }))
      .catch(() => undefined);
    expect(waits[0]).toBe(100);
    expect(Math.max(...waits)).toBeGreaterThan(300);
  });

  test('does not begin a wait that ends after the deadline', async () => {
    const clock = new VirtualClock();
    const error = busy({ 'retry-after': '3' });
    await expect(retry(plays(error), { clock, timeoutMs: 3_000 })).rejects.toBe(error);
    await expect(retry(plays(error), { clock, deadline: clock.now() + 3_000 })).rejects.toBe(error);
    expect(clock.pending).toBe(0);
  });

  test('an abort during the wait rejects with its own reason, and the function is not called again', async () => {
    const clock = new VirtualClock();
    const controller = new AbortController();
    const fn = plays(busy({ 'retry-after': '3' }));
    const call = retry(fn, { clock, signal: controller.signal }).catch((error: unknown) => error);
    const reason = new Error('the user left');
    await clock.advance(1_000);
    controller.abort(reason);
    expect(await call).toBe(reason);
    await clock.advance(60_000);
    expect(fn).toHaveBeenCalledTimes(1);
    expect(clock.pending).toBe(0);
  });

  test('an abort during a call rejects at once, even if the function does not listen', async () => {
    const controller = new AbortController();
    const never = new Promise<never>(() => undefined);
    const call = retry(() => never, { clock: new VirtualClock(), signal: controller.signal });
    controller.abort();
    await expect(call).rejects.toBe(controller.signal.reason);
  });

  test('an aborted signal keeps the function from being called at all', async () => {
    const fn = plays('done');
    const signal = AbortSignal.abort('gone');
    await expect(retry(fn, { signal })).rejects.toBe('gone');
    expect(fn).not.toHaveBeenCalled();
  });

  test('an AbortError is never repeated, whatever retryIf says', async () => {
    const error = new DOMException('gone', 'AbortError');
    const fn = plays(error);
    await expect(retry(fn, { clock: new VirtualClock(), retryIf: () => true })).rejects.toBe(error);
    expect(fn).toHaveBeenCalledTimes(1);
  });

  test('timeoutMs ends a call that hangs, through its signal', async () => {
    const clock = new VirtualClock();
    let seen: AbortSignal | undefined;
    const call = retry(
      ({ signal }) => {
        seen = signal;
        return new Promise<never>(() => undefined);
      },
      { clock, timeoutMs: 2_000 },
    );
    await expect(clock.run(call)).rejects.toMatchObject({ name: 'TimeoutError', message: 'not done within 2000 ms' });
    expect(seen?.aborted).toBe(true);
  });

  test('a response that comes after the abort is released', async () => {
    const controller = new AbortController();
    const cancel = vi.fn<() => Promise<void>>(async () => undefined);
    const late = { status: 200, headers: new Headers(), body: { cancel } };
    const answer = new Promise<typeof late>((resolve) => setImmediate(() => resolve(late)));
    const call = retry(() => answer, { clock: new VirtualClock(), signal: controller.signal });
    controller.abort();
    await expect(call).rejects.toBe(controller.signal.reason);
    await answer;
    expect(cancel).toHaveBeenCalledTimes(1);
  });

  test('a budget is shared by all calls that are given it', async () => {
    const clock = new VirtualClock();
    const budget = new RetryBudget({ burst: 3 });
    const fn = plays(busy());
    const calls = Array.from({ length: 100 }, () => retry(fn, { clock, budget }).catch(() => undefined));
    await clock.run(Promise.all(calls));
    // 100 first calls, the burst, and one probe.
    expect(fn).toHaveBeenCalledTimes(104);
    for (let index = 0; index < 10; index += 1) await retry(plays('done'), { clock, budget });
    expect(budget.balance).toBe(1);
    await clock.run(retry(plays(busy(), 'done'), { clock, budget }));
    expect(budget.balance).toBe(1);
  });

  test('a Node stream as a body is destroyed, and a body that cannot be cancelled harms nobody', async () => {
    const clock = new VirtualClock();
    const destroy = vi.fn<() => void>();
    const cancel = vi.fn<() => Promise<void>>(() => Promise.reject(new TypeError('locked')));
    const answers = [{ destroy }, { cancel }, undefined].map((body) => ({ status: 503, headers: new Headers(), body }));
    expect(await clock.run(retry(plays(...answers), { clock }))).toBe(answers[2]);
    expect(destroy).toHaveBeenCalledTimes(1);
    expect(cancel).toHaveBeenCalledTimes(1);
  });

  test('refuses options that make no sense, naming them', async () => {
    await expect(retry(plays('done'), { maxAttempts: 0 })).rejects.toThrow('retry: maxAttempts');
    await expect(retry(plays('done'), { timeoutMs: Number.NaN })).rejects.toThrow('retry: timeoutMs');
    await expect(retry(plays('done'), { baseMs: -1 })).rejects.toThrow('retry: baseMs');
    await expect(retry(plays('done'), { retryIf: 1 as unknown as () => boolean })).rejects.toThrow(
      'retry: retryIf must be a function',
    );
  });
});
