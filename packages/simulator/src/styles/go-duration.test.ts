import { parseDuration } from '@x/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { goDuration } from './go-duration.ts';

test.each([
  [0, '0s'],
  [-5, '0s'],
  [0.2, '1ms'],
  [120, '120ms'],
  [1_000, '1s'],
  [7_660, '7.66s'],
  [59_999.5, '1m0s'],
  [360_000, '6m0s'],
  [179_560, '2m59.56s'],
  [3_723_500, '1h2m3.5s'],
  [86_400_000, '24h0m0s'],
])('%d ms is %s', (ms, text) => {
  expect(goDuration(ms)).toBe(text);
});

test('is never shorter than the time that it stands for, nor a millisecond longer', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e8, noNaN: true }), (ms) => {
      const read = parseDuration(goDuration(ms)) ?? Number.NaN;
      expect(read).toBeGreaterThanOrEqual(ms - 1e-6);
      expect(read).toBeLessThan(ms + 1.000_001);
    }),
  );
});
