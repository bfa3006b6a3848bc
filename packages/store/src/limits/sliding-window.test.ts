import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Limit } from './limit.ts';
import { SlidingWindow } from './sliding-window.ts';

const START = Date.UTC(2026, 0, 1);

function limitOf(ms: number, max: number): Limit {
  return { id: 'a', unit: 'requests', max, window: { type: 'sliding', ms }, seeded: false };
}

interface Entry {
  readonly at: number;
  readonly amount: number;
}

/** The most and the least that any stretch of `ms` holds which begins with an entry; for the least, those that end within the log. */
function extremes(log: readonly Entry[], ms: number): { most: number; least: number } {
  const last = log.at(-1)?.at ?? 0;
  let [most, least, sum, end] = [0, Infinity, 0, 0];
  for (const { at, amount } of log) {
    for (; (log[end]?.at ?? Infinity) < at + ms; end += 1) sum += log[end]?.amount ?? 0;
    most = Math.max(most, sum);
    if (at + ms <= last) least = Math.min(least, sum);
    sum -= amount;
  }
  return { most, least };
}

describe('a sliding window', () => {
  test('never holds more than its limit in any stretch of its length, whatever is taken and given back', () => {
    const step = fc.record({
      gap: fc.oneof(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 3_000 })),
      amount: fc.integer({ min: 0, max: 12 }),
      spent: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    const schedule = fc.record({
      ms: fc.integer({ min: 1, max: 2_000 }),
      max: fc.integer({ min: 0, max: 30 }),
      steps: fc.array(step, { maxLength: 150 }),
    });
    fc.assert(
      fc.property(schedule, ({ ms, max, steps }) => {
        const [window, limit] = [new SlidingWindow(ms), limitOf(ms, max)];
        const log: Entry[] = [];
        const refusals: { never: boolean; tooLarge: boolean }[] = [];
        let now = START;
        for (const { gap, amount, spent } of steps) {
          now += gap;
          const wait = window.check(amount, limit, now);
          if (wait > 0) {
            refusals.push({ never: wait === Infinity, tooLarge: amount > max });
            continue;
          }
          const place = window.take(amount, limit, now);
          const actual = Math.floor(amount * spent);
          window.adjust(place, actual - amount);
          log.push({ at: now, amount: actual });
        }
        expect(extremes(log, ms).most).toBeLessThanOrEqual(max);
        expect(refusals.filter(({ never, tooLarge }) => never !== tooLarge)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('fits exactly when it says so, and not a millisecond before', () => {
    const steps = fc.array(
      fc.record({ gap: fc.integer({ min: 0, max: 300 }), amount: fc.integer({ min: 1, max: 9 }) }),
      {
        minLength: 5,
        maxLength: 80,
      },
    );
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 10 }), (schedule, wanted) => {
        const [window, limit] = [new SlidingWindow(1_000), limitOf(1_000, 20)];
        let now = START;
        for (const { gap, amount } of schedule) {
          now += gap;
          if (window.check(amount, limit, now) === 0) window.take(amount, limit, now);
        }
        const wait = window.check(wanted, limit, now);
        if (wait === 0) return;
        expect(window.check(wanted, limit, now + wait - 1)).toBe(1);
        expect(window.check(wanted, limit, now + wait)).toBe(0);
      }),
    );
  });

  test('of 1,000 a minute lets at least 990 and at most 1,000 through in any minute of 150 demands a second', () => {
    const [window, limit] = [new SlidingWindow(60_000), limitOf(60_000, 1_000)];
    const log: Entry[] = [];
    for (let now = START; now < START + 400_000; now += 1_000 / 150) {
      const at = Math.floor(now);
      if (window.check(1, limit, at) > 0) continue;
      window.take(1, limit, at);
      log.push({ at, amount: 1 });
    }
    const { most, least } = extremes(log, 60_000);
    expect(most).toBeLessThanOrEqual(1_000);
    expect(least).toBeGreaterThanOrEqual(990);
  });

  test('loses at most one part in 1024 of its rate to a flood', () => {
    const [window, limit] = [new SlidingWindow(60_000), limitOf(60_000, 1_000)];
    let taken = 0;
    let now = START;
    for (; now < START + 3_600_000; now += 7) {
      if (window.check(1, limit, now) > 0) continue;
      window.take(1, limit, now);
      taken += 1;
    }
    expect(taken / 60).toBeGreaterThanOrEqual((1_000 * 1023) / 1024);
  });

  test('brings no room when the clock steps back', () => {
    const [window, limit] = [new SlidingWindow(1_000), limitOf(1_000, 2)];
    window.take(1, limit, START + 900);
    window.take(1, limit, START);
    expect(window.check(1, limit, START)).toBeGreaterThan(1_000);
    expect(window.check(1, limit, START + 1_500)).toBeGreaterThan(0);
    expect(window.used(limit, START + 2_000)).toBe(0);
  });

  test('returns to nothing whatever the order of taking, giving back and adding what was before', () => {
    const amounts = fc.array(fc.integer({ min: 1, max: 1e12 }), { maxLength: 400 });
    fc.assert(
      fc.property(amounts, fc.array(fc.nat()), (taken, order) => {
        const [window, limit] = [new SlidingWindow(10_000), limitOf(10_000, Number.MAX_SAFE_INTEGER)];
        const places = taken.map((amount, index) => window.take(amount, limit, START + index * 13));
        const now = START + taken.length * 13;
        window.add(7, limit, now - 20_000, now);
        const sorted = taken
          .map((amount, index) => ({ amount, place: places[index] ?? 0, key: order[index] ?? index }))
          .toSorted((a, b) => a.key - b.key);
        for (const { amount, place } of sorted) window.adjust(place, -amount);
        expect(window.used(limit, now)).toBe(0);
        expect(window.resetsAt(limit, now)).toBe(now);
      }),
    );
  });

  test('counts what was taken before at its own time, between what was taken since', () => {
    const [window, limit] = [new SlidingWindow(60_000), limitOf(60_000, 100)];
    window.take(1, limit, START);
    window.take(1, limit, START + 50_000);
    window.add(10, limit, START + 20_000, START + 50_000);
    expect(window.used(limit, START + 50_000)).toBe(12);
    // With the next stretch that has anything: longer than it had to, never shorter.
    expect(window.used(limit, START + 80_000)).toBe(11);
    expect(window.used(limit, START + 111_000)).toBe(0);
  });
});
