import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { costOf, formatUsd, worstCost, type ModelPrice, type TokenRates } from './price.ts';
import { addUsage, NO_USAGE, totalInput, totalOutput, type Usage } from './usage.ts';

const CLASSES = Object.keys(NO_USAGE) as (keyof typeof NO_USAGE)[];
const FREE: TokenRates = NO_USAGE;

const rates: TokenRates = {
  inputTokens: 2_500,
  cacheReadTokens: 1_250,
  cacheWriteTokens: 3_125,
  outputTokens: 10_000,
  reasoningTokens: 12_000,
};

describe('the cost of an answer', () => {
  test('prices each class at its own rate', () => {
    const usage = { inputTokens: 1, cacheReadTokens: 2, cacheWriteTokens: 3, outputTokens: 4, reasoningTokens: 5 };
    expect(costOf(rates, usage)).toBe(2_500 + 2 * 1_250 + 3 * 3_125 + 4 * 10_000 + 5 * 12_000);
  });

  test('what is kept in a cache for long is priced apart, and once', () => {
    const usage = { ...NO_USAGE, cacheWriteTokens: 10, longCacheWriteTokens: 4 };
    expect(costOf({ ...rates, longCacheWriteTokens: 5_000 }, usage)).toBe(6 * 3_125 + 4 * 5_000);
    expect(costOf(rates, usage)).toBe(10 * 3_125);
  });

  test('adds what each request costs', () => {
    expect(costOf({ ...rates, request: 5_000_000 }, { ...NO_USAGE, outputTokens: 1 })).toBe(5_010_000);
  });

  test('takes the tier of the whole input, cached tokens among it, for every token', () => {
    const price = { ...rates, tiers: [{ ...rates, inputTokens: 5_000, outputTokens: 15_000, aboveInputTokens: 10 }] };
    const usage = { ...NO_USAGE, inputTokens: 4, cacheReadTokens: 6, outputTokens: 1 };
    expect(costOf(price, usage)).toBe(4 * 2_500 + 6 * 1_250 + 10_000);
    expect(costOf(price, { ...usage, cacheReadTokens: 7 })).toBe(4 * 5_000 + 7 * 1_250 + 15_000);
  });

  test.each([
    [37.5, 3, 113],
    [0.1, 3, 1],
    // 7.000000000000001 as a double.
    [0.07, 100, 7],
    [0.1, 30, 3],
  ])('%d nano-USD for each of %d tokens is %d', (rate, tokens, nanoUsd) => {
    expect(costOf({ ...FREE, outputTokens: rate }, { ...NO_USAGE, outputTokens: tokens })).toBe(nanoUsd);
  });
});

test.each([
  [0, '0'],
  [1, '0.000000001'],
  [120_000, '0.00012'],
  [1_000_000_000, '1'],
  [12_034_500_000_000, '12034.5'],
  [Number.MAX_SAFE_INTEGER, '9007199.254740991'],
])('%d nano-USD are written %s, without an exponent', (nanoUsd, text) => {
  expect(formatUsd(nanoUsd)).toBe(text);
});

const rate = fc.oneof(
  fc.integer({ min: 0, max: 200_000 }),
  fc.integer({ min: 0, max: 2_000_000 }).map((tenths) => tenths / 10),
  fc.double({ min: 0, max: 200_000, noNaN: true }),
);
const tokens = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 2_000_000 }));
const byClass = <T>(value: fc.Arbitrary<T>) =>
  fc.record({
    inputTokens: value,
    cacheReadTokens: value,
    cacheWriteTokens: value,
    outputTokens: value,
    reasoningTokens: value,
  });
const flat = fc.record({
  rates: byClass(rate),
  long: fc.option(rate, { nil: undefined }),
  request: fc.option(rate, { nil: undefined }),
});
const flatPrices = flat.map(({ rates: own, long, request }): ModelPrice => ({
  ...own,
  longCacheWriteTokens: long,
  request,
}));
const usages = fc.tuple(byClass(tokens), tokens).map(([usage, longCacheWriteTokens]): Usage => {
  const cacheWriteTokens = usage.cacheWriteTokens + longCacheWriteTokens;
  return { ...usage, cacheWriteTokens, ...(longCacheWriteTokens > 0 && { longCacheWriteTokens }) };
});

const tiered = fc
  .record({
    base: flatPrices,
    tiers: fc.uniqueArray(
      fc.record({
        own: byClass(rate),
        longCacheWriteTokens: fc.option(rate, { nil: undefined }),
        aboveInputTokens: tokens,
      }),
      {
        maxLength: 3,
        selector: (tier) => tier.aboveInputTokens,
      },
    ),
  })
  .map(({ base, tiers }): ModelPrice => {
    const rising = tiers.toSorted((a, b) => a.aboveInputTokens - b.aboveInputTokens);
    return { ...base, tiers: rising.map(({ own, ...rest }) => ({ ...own, ...rest })) };
  });
const prices = fc.oneof(flatPrices, tiered);

/** Dearer tiers for longer prompts alone, as providers have them. */
const rising = fc.tuple(flatPrices, byClass(rate), tokens).map(([base, extra, aboveInputTokens]): ModelPrice => ({
  ...base,
  tiers: [{ ...addUsage(base, extra), aboveInputTokens }],
}));

describe('properties', () => {
  test('a token is priced in its own class, and in no other', () => {
    fc.assert(
      fc.property(fc.constantFrom(...CLASSES), rate, usages, (name, own, usage) => {
        const alone = costOf({ ...FREE, [name]: own }, usage);
        expect(alone).toBe(costOf({ ...FREE, [name]: own }, { ...NO_USAGE, [name]: usage[name] }));
      }),
    );
  });

  test('the cost is what its classes cost apart, but for the rounding of each', () => {
    fc.assert(
      fc.property(flatPrices, usages, (price, usage) => {
        const { longCacheWriteTokens = 0 } = usage;
        const cacheWriteTokens = usage.cacheWriteTokens - longCacheWriteTokens;
        const apart = [
          ...CLASSES.map((name) => ({ ...NO_USAGE, [name]: { ...usage, cacheWriteTokens }[name] })),
          { ...NO_USAGE, cacheWriteTokens: longCacheWriteTokens, longCacheWriteTokens },
        ].map((one) => costOf({ ...price, request: 0 }, one));
        const sum = apart.reduce((a, b) => a + b, costOf(price, NO_USAGE));
        expect(costOf(price, usage)).toBeLessThanOrEqual(sum);
        expect(costOf(price, usage)).toBeGreaterThanOrEqual(sum - apart.length);
      }),
    );
  });

  test('what two answers cost together differs from their sum by the rounding and the request alone', () => {
    fc.assert(
      fc.property(byClass(rate), usages, usages, (price, a, b) => {
        const apart = costOf(price, a) + costOf(price, b);
        expect(apart - costOf(price, addUsage(a, b))).toBeGreaterThanOrEqual(0);
        expect(apart - costOf(price, addUsage(a, b))).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('more tokens never cost less', () => {
    fc.assert(
      fc.property(fc.oneof(flatPrices, rising), usages, usages, (price, usage, more) => {
        expect(costOf(price, addUsage(usage, more))).toBeGreaterThanOrEqual(costOf(price, usage));
      }),
    );
  });

  test('costs are whole, and never less than the sum', () => {
    fc.assert(
      fc.property(prices, usages, (price, usage) => {
        expect(Number.isSafeInteger(costOf(price, usage))).toBe(true);
        expect(costOf(price, usage)).toBeGreaterThanOrEqual(price.request ?? 0);
      }),
    );
  });

  test('no answer within its bounds costs more than the worst', () => {
    fc.assert(
      fc.property(prices, usages, tokens, tokens, (price, usage, spareInput, spareOutput) => {
        const worst = worstCost(price, {
          inputTokens: totalInput(usage) + spareInput,
          maxOutputTokens: totalOutput(usage) + spareOutput,
        });
        expect(costOf(price, usage)).toBeLessThanOrEqual(worst);
      }),
      { numRuns: 2_000 },
    );
  });

  test('the worst is reached: it is the cost of the dearest classes', () => {
    fc.assert(
      fc.property(flatPrices, tokens, tokens, (price, inputTokens, maxOutputTokens) => {
        const inputs = [
          { inputTokens },
          { cacheReadTokens: inputTokens },
          { cacheWriteTokens: inputTokens },
          { cacheWriteTokens: inputTokens, longCacheWriteTokens: inputTokens },
        ];
        const outputs = [{ outputTokens: maxOutputTokens }, { reasoningTokens: maxOutputTokens }];
        const splits = inputs.flatMap((a) => outputs.map((b) => costOf(price, { ...NO_USAGE, ...a, ...b })));
        const worst = worstCost(price, { inputTokens, maxOutputTokens });
        expect(worst - Math.max(...splits)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
