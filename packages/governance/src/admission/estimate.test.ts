import { costOf, type ModelPrice } from '@x/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { demandOf, type Bounds } from './estimate.ts';

const rate = fc.integer({ min: 0, max: 100_000 });
const rates = {
  inputTokens: rate,
  cacheReadTokens: rate,
  cacheWriteTokens: rate,
  outputTokens: rate,
  reasoningTokens: rate,
};
const price: fc.Arbitrary<ModelPrice> = fc.record({
  ...rates,
  request: rate,
  tiers: fc.array(fc.record({ ...rates, aboveInputTokens: fc.nat(1_000) }), { maxLength: 3 }),
});
const tokens = fc.nat(5_000);

test('under strict no answer costs more than was taken for it, as long as its prompt is within the margin', () => {
  fc.assert(
    fc.property(
      price,
      fc.record({
        estimated: fc.integer({ min: 1, max: 5_000 }),
        maxTokens: fc.option(fc.integer({ min: 1, max: 5_000 })),
      }),
      fc.record({
        inputTokens: tokens,
        cacheReadTokens: tokens,
        cacheWriteTokens: tokens,
        outputTokens: tokens,
        reasoningTokens: tokens,
      }),
      fc.integer({ min: 1, max: 4 }),
      (of, { estimated, maxTokens }, seen, answers) => {
        const size = { inputTokens: estimated, maxTokens: maxTokens ?? undefined, answers };
        const facts = { maxOutputTokens: 2_000 };
        const bounds: Bounds = { size, facts, price: of, inputMargin: 1.5, expectedOutput: undefined, hasOutput: true };
        const demand = demandOf(bounds);
        const maxInput = Math.floor(estimated * 1.5);
        const maxOutput = Math.min(maxTokens ?? 2_000, 2_000) * answers;
        const input = seen.inputTokens + seen.cacheReadTokens + seen.cacheWriteTokens;
        const output = seen.outputTokens + seen.reasoningTokens;
        fc.pre(input <= maxInput && output <= maxOutput);
        expect(demand?.cost).toBeGreaterThanOrEqual(costOf({ ...of, tiers: byBound(of) }, seen));
        expect(demand?.tokens).toBeGreaterThanOrEqual(input + output);
      },
    ),
    { numRuns: 300 },
  );
});

const byBound = (of: ModelPrice) => of.tiers?.toSorted((a, b) => a.aboveInputTokens - b.aboveInputTokens);

const bounds: Bounds = {
  size: { inputTokens: 100, maxTokens: undefined, answers: 1 },
  facts: undefined,
  price: undefined,
  inputMargin: 1.5,
  expectedOutput: undefined,
  hasOutput: true,
};

test.each([
  ['nobody knows how long it becomes', {}, undefined],
  ['the caller sets a maximum', { size: { ...bounds.size, maxTokens: 50 } }, 216],
  [
    'the caller’s maximum is beyond the model’s',
    { size: { ...bounds.size, maxTokens: 900 }, facts: { maxOutputTokens: 80 } },
    246,
  ],
  ['there are several answers', { size: { ...bounds.size, answers: 3 }, facts: { maxOutputTokens: 80 } }, 406],
  ['only the window is known', { facts: { contextWindow: 1_000 } }, 1_166],
  ['there is no answer in tokens', { hasOutput: false }, 166],
  ['less is expected', { facts: { maxOutputTokens: 80 }, expectedOutput: 20 }, 186],
  ['more is expected than fits', { facts: { maxOutputTokens: 80 }, expectedOutput: 90 }, 246],
])('tokens where %s', (_, change: Partial<Bounds>, expected) => {
  expect(demandOf({ ...bounds, ...change })?.tokens).toBe(expected);
});
