import { costOf, NO_USAGE, type ModelPrice, type Usage } from '@x/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dearest, nanoPerToken, withTiers } from './rates.ts';

test.each([
  [0.15, 150],
  [0.07, 70],
  [0.003625, 3.625],
  [0.0028, 2.8],
  [600, 600_000],
])('%d USD per million tokens are %d nano-USD per token, without what doubles leave behind', (usd, nano) => {
  expect(nanoPerToken(usd)).toBe(nano);
});

const rate = fc.integer({ min: 0, max: 100_000 });
const byClass = <T>(value: fc.Arbitrary<T>) =>
  fc.record({
    inputTokens: value,
    cacheReadTokens: value,
    cacheWriteTokens: value,
    outputTokens: value,
    reasoningTokens: value,
    longCacheWriteTokens: fc.option(value, { nil: undefined }),
  });
const prices: fc.Arbitrary<ModelPrice> = fc
  .record({
    base: byClass(rate),
    request: rate,
    tiers: fc.array(fc.tuple(fc.nat(30), byClass(rate)), { maxLength: 3 }),
  })
  .map(({ base, request, tiers }) => ({
    ...withTiers(
      tiers.map(([start]) => start),
      (above) => tiers.findLast(([start]) => start === above)?.[1] ?? base,
    ),
    request,
  }));
const CLASSES = [...Object.keys(NO_USAGE), 'longCacheWriteTokens'] as (keyof Usage)[];

test('the dearest of several prices is what the dearest of them asks, for each class and length', () => {
  fc.assert(
    fc.property(fc.tuple(prices, prices, prices), fc.constantFrom(...CLASSES), fc.nat(40), (all, name, tokens) => {
      const written = name === 'longCacheWriteTokens' && { cacheWriteTokens: tokens };
      const one = { ...NO_USAGE, ...written, [name]: tokens };
      const rates = all.map((price) => costOf({ ...price, request: 0 }, one));
      const request = Math.max(...all.map((price) => price.request ?? 0));
      expect(costOf(dearest(all), one)).toBe(Math.max(...rates) + request);
    }),
  );
});
