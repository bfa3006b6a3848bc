import { expect, test } from 'vitest';
import type { Target } from '../target.ts';
import { answerCost } from './answer-cost.ts';
import { NO_USAGE } from './usage.ts';

const CHEAP = { provider: 'a', model: 'cheap' };
const DEAR = { provider: 'b', model: 'dear' };
const STRANGE = { provider: 'c', model: 'strange' };
const usage = { ...NO_USAGE, inputTokens: 10, outputTokens: 2 };

const find = (target: Target) => {
  if (target.model === 'strange') return target.provider === 'c' ? {} : undefined;
  const rate = target.model === 'dear' ? 100 : 1;
  return {
    price: {
      inputTokens: rate,
      cacheReadTokens: rate,
      cacheWriteTokens: rate,
      outputTokens: rate,
      reasoningTokens: rate,
    },
  };
};

test('an answer costs what its target asks for its usage', () => {
  expect(answerCost(find, { target: CHEAP, usage })).toBe(12);
  expect(answerCost(find, { target: DEAR, usage })).toBe(1_200);
});

test('each part of an answer costs what its own target asks', () => {
  const shares = [
    { target: CHEAP, usage },
    { target: DEAR, usage },
  ];
  // The answer's own usage is the sum of the parts, and its target the first of them.
  expect(answerCost(find, { target: CHEAP, usage: { ...usage, inputTokens: 20 } }, shares)).toBe(1_212);
});

test('what is not known is not guessed', () => {
  expect(answerCost(find, { target: CHEAP, usage: undefined })).toBeUndefined();
  expect(answerCost(find, { target: STRANGE, usage })).toBeUndefined();
  expect(answerCost(find, { target: { provider: 'd', model: 'strange' }, usage })).toBeUndefined();
  const shares = [
    { target: CHEAP, usage },
    { target: STRANGE, usage },
  ];
  expect(answerCost(find, { target: CHEAP, usage }, shares)).toBeUndefined();
});
