import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from './clock.ts';
import { VirtualClock } from './testing/virtual-clock.ts';

const listeners = (signal: AbortSignal) => getEventListeners(signal, 'abort').length;

describe('sleep', () => {
  test('ends when its time is up, and not before', async () => {
    const clock = new VirtualClock();
    let over = false;
    void clock.sleep(100).then(() => (over = true));
    await clock.advance(99);
    expect(over).toBe(false);
    await clock.advance(1);
    expect(over).toBe(true);
  });

  test('rejects at once for a signal that has aborted', async () => {
    const clock = new VirtualClock();
    await expect(clock.sleep(100, AbortSignal.abort())).rejects.toMatchObject({ kind: 'cancelled' });
    expect(clock.pending).toBe(0);
  });

  test('rejects at once on an abort, without its timer or its listener', async () => {
    const clock = new VirtualClock();
    const controller = new AbortController();
    const sleep = clock.sleep(100, controller.signal);
    controller.abort();
    await expect(sleep).rejects.toMatchObject({ kind: 'cancelled' });
    expect(clock.pending).toBe(0);
    expect(listeners(controller.signal)).toBe(0);
  });

  test('has nothing to do with an abort after it', async () => {
    const clock = new VirtualClock();
    const controller = new AbortController();
    await clock.run(clock.sleep(100, controller.signal));
    expect(listeners(controller.signal)).toBe(0);
    controller.abort();
  });

  test('leaves no listener behind after 10,000 sleeps on one signal', async () => {
    const clock = new VirtualClock();
    const { signal } = new AbortController();
    for (let sleep = 0; sleep < 10_000; sleep += 1) void clock.sleep(1, signal);
    await clock.advance(1);
    expect(clock.pending).toBe(0);
    expect(listeners(signal)).toBe(0);
  });

  test.each([0, -5, Number.NaN])('takes %s ms for none', async (ms) => {
    const clock = new VirtualClock();
    const start = clock.now();
    await clock.run(clock.sleep(ms));
    expect(clock.now()).toBe(start);
  });
});

describe('the system clock', () => {
  const DAY_MS = 86_400_000;

  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('sleeps beyond the 2^31 ms of setTimeout', () => {
    const callback = vi.fn<() => void>();
    systemClock.schedule(60 * DAY_MS, callback);
    vi.advanceTimersByTime(60 * DAY_MS - 1);
    expect(callback).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(callback).toHaveBeenCalledTimes(1);
  });

  test('can be cancelled on its second stretch beyond 2^31 ms, and twice', () => {
    const callback = vi.fn<() => void>();
    const cancel = systemClock.schedule(60 * DAY_MS, callback);
    vi.advanceTimersByTime(30 * DAY_MS);
    cancel();
    cancel();
    expect(vi.getTimerCount()).toBe(0);
    expect(callback).not.toHaveBeenCalled();
  });

  test('never calls back at infinity', () => {
    const callback = vi.fn<() => void>();
    systemClock.schedule(Infinity, callback);
    vi.advanceTimersByTime(365 * DAY_MS);
    expect(callback).not.toHaveBeenCalled();
  });

  test('does not call back early where setTimeout does', () => {
    let now = 1_000;
    vi.spyOn(performance, 'now').mockImplementation(() => now);
    const callback = vi.fn<() => void>();
    systemClock.schedule(10, callback);
    now = 1_009.6;
    vi.advanceTimersByTime(10);
    expect(callback).not.toHaveBeenCalled();
    now = 1_010;
    vi.advanceTimersByTime(1);
    expect(callback).toHaveBeenCalledTimes(1);
  });

  test('tells the epoch time', () => {
    expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1_000);
  });
});
