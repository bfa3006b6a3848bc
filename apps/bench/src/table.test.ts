import { expect, test } from 'vitest';
import { median } from './median.ts';
import { quantile, table } from './table.ts';

test('columns align: names left, numbers right', () => {
  const rows = [
    ['', 'straight', 'gateway'],
    ['answered', '258', '840'],
    ['p99', '1.88 s', '22.12 s'],
  ];
  expect(table(rows).split('\n')).toEqual([
    '          straight  gateway',
    '--------  --------  -------',
    'answered       258      840',
    'p99         1.88 s  22.12 s',
  ]);
});

test('quantiles are values that were measured, and the last of them is the largest', () => {
  const sorted = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  expect([0, 0.5, 0.99, 1].map((q) => quantile(sorted, q))).toEqual([1, 6, 10, 10]);
  expect(quantile([], 0.5)).toBeNaN();
});

test('the median does not care for order or outliers', () => {
  expect(median([5, 1, 900])).toBe(5);
});
