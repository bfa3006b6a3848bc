import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Histogram } from './histogram.ts';

test('boundaries are inclusive upper bounds', () => {
  const histogram = new Histogram([10, 20, 30]);
  for (const value of [5, 30, 5, 40, 5, 15, 15, 15, 25]) histogram.record(value);
  expect(histogram).toMatchObject({ counts: [3, 3, 2, 1], count: 9, sum: 155, min: 5, max: 40 });
});

test('every value is in exactly one bucket', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, max: 50, noNaN: true })), (values) => {
      const histogram = new Histogram([10, 20, 30]);
      for (const value of values) histogram.record(value);
      expect(histogram.counts.reduce((sum, count) => sum + count, 0)).toBe(values.length);
      expect(histogram.counts[0]).toBe(values.filter((value) => value <= 10).length);
    }),
  );
});
