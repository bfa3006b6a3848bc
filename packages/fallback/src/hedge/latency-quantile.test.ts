import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LatencyQuantile } from './latency-quantile.ts';

test('is within 9 percent of the true quantile, and never below it', () => {
  const samples = fc.array(fc.double({ min: 1, max: 600_000, noNaN: true }), { minLength: 1, maxLength: 500 });
  fc.assert(
    fc.property(samples, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (times, q) => {
      const quantile = new LatencyQuantile();
      for (const ms of times) quantile.add(ms);
      const sorted = times.toSorted((a, b) => a - b);
      const truth = sorted[Math.max(0, Math.ceil(q * times.length - 1e-9) - 1)] as number;
      expect(quantile.at(q)).toBeGreaterThanOrEqual(truth * 0.999);
      expect(quantile.at(q)).toBeLessThanOrEqual(truth * 1.0901);
    }),
  );
});

test('follows a target that becomes slower or quicker', () => {
  const quantile = new LatencyQuantile();
  for (let count = 0; count < 10_000; count += 1) quantile.add(100);
  expect(quantile.at(0.95)).toBeLessThan(110);
  for (let count = 0; count < 3_000; count += 1) quantile.add(1_000);
  expect(quantile.at(0.95)).toBeGreaterThan(900);
  for (let count = 0; count < 5_000; count += 1) quantile.add(10);
  expect(quantile.at(0.95)).toBeLessThan(11);
});

test('knows nothing without samples, and takes no garbage', () => {
  const quantile = new LatencyQuantile();
  quantile.add(Number.NaN);
  quantile.add(-1);
  expect(quantile.at(0.95)).toBeUndefined();
  quantile.add(0);
  quantile.add(Infinity);
  expect(quantile.at(0.4)).toBe(1);
});
