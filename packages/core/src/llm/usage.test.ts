import { expect, test } from 'vitest';
import { addUsage, NO_USAGE, totalInput, totalOutput } from './usage.ts';

const usage = {
  inputTokens: 1,
  cacheReadTokens: 10,
  cacheWriteTokens: 100,
  outputTokens: 1_000,
  reasoningTokens: 10_000,
};

test('totals count each class once', () => {
  expect(totalInput(usage)).toBe(111);
  expect(totalOutput(usage)).toBe(11_000);
});

test('adds what is kept in a cache for long, where there is any', () => {
  const long = { ...usage, longCacheWriteTokens: 40 };
  expect(addUsage(long, usage).longCacheWriteTokens).toBe(40);
  expect(addUsage(long, long).longCacheWriteTokens).toBe(80);
  expect(addUsage(usage, usage)).not.toHaveProperty('longCacheWriteTokens');
  expect(totalInput(long)).toBe(totalInput(usage));
});

test('adds class by class', () => {
  expect(addUsage(usage, NO_USAGE)).toEqual(usage);
  expect(addUsage(usage, usage)).toEqual({
    inputTokens: 2,
    cacheReadTokens: 20,
    cacheWriteTokens: 200,
    outputTokens: 2_000,
    reasoningTokens: 20_000,
  });
});
