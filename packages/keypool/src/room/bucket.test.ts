import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Bucket } from './bucket.ts';

const bucket = (limit: number, init: { capacity?: number; fixed?: boolean } = {}) =>
  new Bucket({ dimension: 'requests', limit, windowMs: 60_000, ...init }, 0);

it('refills continuously, up to its capacity', () => {
  const b = bucket(600, { capacity: 50 });
  b.take(50, 0);
  expect(b.timeUntil(1, 0)).toBe(100);
  expect(b.level(1_000)).toBeCloseTo(10);
  expect(b.level(600_000)).toBe(50);
});

it('a fixed window gives everything back at its end, and nothing before', () => {
  const b = bucket(600, { fixed: true });
  b.take(600, 0);
  expect(b.timeUntil(1, 10_000)).toBe(50_000);
  expect(b.level(59_999)).toBe(0);
  expect(b.level(60_000)).toBe(600);
});

it('a cost above the capacity waits for a full bucket, and leaves a debt', () => {
  const b = bucket(60);
  b.take(1, 0);
  expect(b.timeUntil(1_000, 0)).toBe(1_000);
  b.take(1_000, 1_000);
  expect(b.timeUntil(1, 1_000)).toBe(941_000);
});

it('never gives out more than its capacity and what refilled, whatever is asked when', () => {
  const step = fc.record({ ms: fc.nat(5_000), amount: fc.integer({ min: 1, max: 20 }) });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const b = bucket(600, { capacity: 50 });
      let now = 0;
      let given = 0;
      for (const { ms, amount } of steps) {
        now += ms;
        if (b.timeUntil(amount, now) > 0) continue;
        b.take(amount, now);
        given += amount;
      }
      expect(given).toBeLessThanOrEqual(50 + now / 100 + 0.01);
    }),
  );
});

it('says to the millisecond when there is room', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 }), (first, amount) => {
      const b = bucket(600, { capacity: 50 });
      b.take(first, 0);
      const at = b.timeUntil(amount, 0);
      expect(at <= 2 || b.timeUntil(amount, at - 1) > 0).toBe(true);
      expect(b.timeUntil(amount, at)).toBe(0);
    }),
  );
});
