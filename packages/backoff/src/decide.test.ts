import { ERROR_KINDS, type ErrorKind } from '@x/core';
import { failure } from '@x/core/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide, type RetryState } from './decide.ts';
import { delaySchedule } from './delay-schedule.ts';

const NOW = 1_000_000;
const policy = {
  maxAttempts: 5,
  maxWaitMs: undefined,
  quickRetryMs: 100,
  schedule: delaySchedule({ baseMs: 500, capMs: 8_000, jitter: 'full' }),
};
const state = (changes: Partial<RetryState> = {}): RetryState => ({
  attempts: 1,
  once: false,
  quickRetries: 0,
  waits: 0,
  previousMs: 0,
  waitedMs: 0,
  now: NOW,
  random: 0.5,
  waitUntil: undefined,
  deadline: undefined,
  ...changes,
});
const gaveUp = (reason: string) => ({ retry: false, reason });

describe('decide', () => {
  test.each(Object.keys(ERROR_KINDS) as ErrorKind[])('%s follows the table of kinds', (kind) => {
    const decision = decide(failure(kind, { retryAfterMs: 10 }), state(), policy);
    const never = ERROR_KINDS[kind].sameLane === 'never';
    expect(decision).toMatchObject(never ? gaveUp('kind') : { retry: true, hintMs: 10 });
  });

  test('rate_limited: the hint is the floor, jitter comes on top', () => {
    const decision = decide(failure('rate_limited', { retryAfterMs: 7_660 }), state(), policy);
    expect(decision).toEqual({ retry: true, delayMs: 7_910, hintMs: 7_660, cost: 'retry' });
  });

  test('rate_limited without a hint and overloaded: exponential', () => {
    for (const kind of ['rate_limited', 'overloaded'] as const) {
      expect(decide(failure(kind), state({ waits: 2 }), policy)).toMatchObject({ delayMs: 1_000, cost: 'retry' });
    }
  });

  test('a wait past wait-until is not begun, whatever the deadline allows', () => {
    const now = state({ waitUntil: NOW + 5_000, deadline: NOW + 60_000 });
    expect(decide(failure('rate_limited', { retryAfterMs: 5_001 }), now, policy)).toEqual(gaveUp('wait-until'));
    expect(decide(failure('pool_exhausted', { retryAfterMs: 5_001 }), now, policy)).toEqual(gaveUp('wait-until'));
    expect(decide(failure('overloaded'), state({ waitUntil: NOW }), policy)).toEqual(gaveUp('wait-until'));
  });

  test('network and server_error: one quick retry, bound by the deadline alone', () => {
    for (const kind of ['network', 'server_error'] as const) {
      const moveOn = state({ waitUntil: NOW });
      expect(decide(failure(kind), moveOn, policy)).toEqual({
        retry: true,
        delayMs: 75,
        hintMs: undefined,
        cost: 'quick-retry',
      });
      expect(decide(failure(kind), state({ quickRetries: 1 }), policy)).toEqual(gaveUp('attempts'));
      expect(decide(failure(kind), state({ deadline: NOW + 50 }), policy)).toEqual(gaveUp('deadline'));
      expect(decide(failure(kind), state({ once: true }), policy)).toEqual(gaveUp('kind'));
    }
  });

  test('a hint that is not quick makes the quick retry a wait like others', () => {
    const error = failure('server_error', { retryAfterMs: 3_000 });
    expect(decide(error, state({ waitUntil: NOW }), policy)).toEqual(gaveUp('wait-until'));
    expect(decide(error, state({ waitUntil: NOW + 9_000 }), policy)).toMatchObject({ delayMs: 3_025 });
  });

  test('pool_exhausted is free: no cap of attempts, no growing jitter', () => {
    const decision = decide(failure('pool_exhausted', { retryAfterMs: 40 }), state({ attempts: 99, waits: 9 }), policy);
    expect(decision).toEqual({ retry: true, delayMs: 290, hintMs: 40, cost: 'free' });
  });

  test('pool_exhausted without a time: nothing will open, so nothing is waited for', () => {
    expect(decide(failure('pool_exhausted'), state(), policy)).toEqual(gaveUp('no-hint'));
  });

  test('attempts are capped', () => {
    expect(decide(failure('rate_limited'), state({ attempts: 5 }), policy)).toEqual(gaveUp('attempts'));
  });

  test('a hint of 10^12 seconds is beyond the deadline, and beyond a minute where there is none', () => {
    const error = failure('rate_limited', { retryAfterMs: 1e15 });
    expect(decide(error, state({ deadline: NOW + 600_000 }), policy)).toEqual(gaveUp('deadline'));
    expect(decide(error, state(), policy)).toEqual(gaveUp('max-wait'));
    expect(decide(failure('rate_limited', { retryAfterMs: Infinity }), state(), policy)).toEqual(gaveUp('max-wait'));
  });

  test('a hint longer than a minute is honoured where the deadline allows it', () => {
    const decision = decide(
      failure('rate_limited', { retryAfterMs: 90_000 }),
      state({ deadline: NOW + 600_000 }),
      policy,
    );
    expect(decision).toMatchObject({ retry: true, hintMs: 90_000 });
  });

  test('maxWaitMs bounds the sum of the waits', () => {
    const bounded = { ...policy, maxWaitMs: 1_000 };
    const error = failure('rate_limited', { retryAfterMs: 400 });
    expect(decide(error, state({ waitedMs: 600, deadline: NOW + 9_000 }), bounded)).toMatchObject({ delayMs: 400 });
    expect(decide(error, state({ waitedMs: 601, deadline: NOW + 9_000 }), bounded)).toEqual(gaveUp('max-wait'));
  });

  test('delays are finite and never below the hint, for any hint at all', () => {
    const kind = fc.constantFrom(...(Object.keys(ERROR_KINDS) as ErrorKind[]));
    const at = fc.option(fc.integer({ min: NOW - 10, max: NOW + 1e6 }), { nil: undefined });
    fc.assert(
      fc.property(kind, fc.double(), at, at, fc.nat(9), (kind, retryAfterMs, waitUntil, deadline, waits) => {
        const decision = decide(failure(kind, { retryAfterMs }), state({ waitUntil, deadline, waits }), policy);
        if (!decision.retry) return;
        expect(Number.isFinite(decision.delayMs)).toBe(true);
        expect(decision.delayMs).toBeGreaterThanOrEqual(Math.max(0, retryAfterMs || 0));
        expect(NOW + decision.delayMs).toBeLessThan(deadline ?? Infinity);
      }),
      { numRuns: 1_000 },
    );
  });
});
