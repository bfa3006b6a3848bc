import { expect, test } from 'vitest';
import { LearnedUsage } from './learned-usage.ts';

test('is corrected by what the model has counted', () => {
  const learned = new LearnedUsage();
  for (let i = 0; i < 60; i += 1) learned.learn(100, 150, 20);
  expect(learned.ratio).toBeCloseTo(1.5, 1);
  expect(learned.outputTokens).toBeCloseTo(20, 0);
  learned.learn(100, 1e12, 1);
  expect(learned.ratio).toBeLessThan(2.5);
});
