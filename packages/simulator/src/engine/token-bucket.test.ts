import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

const START = Date.UTC(2026, 0, 1);

const plan = fc.record({
  capacity: fc.integer({ min: 1, max: 1_000 }),
  rate: fc.double({ min: 1e-4, max: 50, noNaN: true }),
  steps: fc.array(
    fc.record({ wait: fc.double({ min: 0, max: 2_000, noNaN: true }), amount: fc.integer({ min: 1, max: 400 }) }),
    { minLength: 1, maxLength: 80 },
  ),
});

/** Takes whatever finds room; returns when and how much that was. */
function admit(bucket: TokenBucket, steps: readonly { wait: number; amount: number }[]) {
  const admitted: { at: number; amount: number }[] = [];
  let now = START;
  for (const { wait, amount } of steps) {
    now += wait;
    if (bucket.timeUntil(amount, now) > 0) continue;
    bucket.take(amount, now);
    admitted.push({ at: now, amount });
  }
  return admitted;
}

describe('TokenBucket', () => {
  test('never admits more than capacity and what refills, in any window', () => {
    fc.assert(
      fc.property(plan, ({ capacity, rate, steps }) => {
        const admitted = admit(new TokenBucket(capacity, rate, START), steps);
        // An amount above the capacity is let in by a full bucket.
        const most = Math.max(capacity, ...admitted.map(({ amount }) => amount));
        for (let from = 0; from < admitted.length; from += 1) {
          let sum = 0;
          for (let to = from; to < admitted.length; to += 1) {
            sum += admitted[to]?.amount ?? 0;
            const window = (admitted[to]?.at ?? 0) - (admitted[from]?.at ?? 0);
            expect(sum).toBeLessThanOrEqual(most + rate * (window + 0.002) + 1e-6);
          }
        }
      }),
    );
  });

  test('has room exactly when it said that it would, and not a millisecond sooner', () => {
    fc.assert(
      fc.property(plan, ({ capacity, rate, steps }) => {
        const bucket = new TokenBucket(capacity, rate, START);
        let now = START;
        for (const { wait, amount } of steps) {
          now += wait;
          const until = bucket.timeUntil(amount, now);
          // Just before, there is none yet.
          expect(until <= 1 || bucket.timeUntil(amount, now + until - 1) > 0).toBe(true);
          expect(bucket.timeUntil(amount, now + until)).toBe(0);
          now += until;
          bucket.take(amount, now);
        }
      }),
    );
  });

  test('gives back no more than it holds', () => {
    const bucket = new TokenBucket(10, 1, START);
    bucket.take(4, START);
    bucket.take(-100, START);
    expect(bucket.level(START)).toBe(10);
  });

  test('stands still when time runs backwards', () => {
    const bucket = new TokenBucket(10, 1, START);
    bucket.take(10, START);
    expect(bucket.level(START - 1_000)).toBe(0);
    expect(bucket.level(START + 3)).toBe(3);
  });

  test('tells the time until it is full', () => {
    const bucket = new TokenBucket(100, 0.5, START);
    bucket.take(60, START);
    expect(bucket.timeToFull(START)).toBe(120);
    expect(bucket.timeToFull(START + 1_000)).toBe(0);
  });

  test.each([
    [0, 1],
    [1, 0],
    [Number.NaN, 1],
  ])('refuses a capacity of %d with a rate of %d', (capacity, rate) => {
    expect(() => new TokenBucket(capacity, rate, START)).toThrow(RangeError);
  });
});
