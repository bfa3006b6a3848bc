import { seededRandom } from '@x/core/testing';
import { expect, test } from 'vitest';
import { createSampler, type Distribution } from './distribution.ts';

const DRAWS = 20_000;

function draw(distribution: Distribution): number[] {
  const sampler = createSampler(distribution);
  const random = seededRandom(7);
  return Array.from({ length: DRAWS }, () => sampler(random)).toSorted((a, b) => a - b);
}

const percentile = (sorted: readonly number[], p: number) =>
  sorted[Math.floor((sorted.length * p) / 100)] ?? Number.NaN;

test('constant, in both spellings', () => {
  expect(new Set(draw(5))).toEqual(new Set([5]));
  expect(new Set(draw({ type: 'constant', value: 5 }))).toEqual(new Set([5]));
});

test('uniform fills its range', () => {
  const drawn = draw({ type: 'uniform', min: 10, max: 20 });
  expect(drawn[0]).toBeGreaterThanOrEqual(10);
  expect(drawn.at(-1)).toBeLessThan(20);
  expect(percentile(drawn, 50)).toBeCloseTo(15, 0);
});

test('exponential has its mean', () => {
  const drawn = draw({ type: 'exponential', mean: 100 });
  expect(drawn.reduce((sum, value) => sum + value, 0) / DRAWS).toBeGreaterThan(97);
  expect(drawn.reduce((sum, value) => sum + value, 0) / DRAWS).toBeLessThan(103);
  expect(drawn[0]).toBeGreaterThanOrEqual(0);
});

test('lognormal has its median and its 99th percentile', () => {
  const drawn = draw({ type: 'lognormal', p50: 200, p99: 1_000 });
  expect(percentile(drawn, 50) / 200).toBeCloseTo(1, 1);
  expect(percentile(drawn, 99) / 1_000).toBeCloseTo(1, 1);
});
