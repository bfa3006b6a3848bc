import type { ModelPrice, PriceTier, TokenRates } from '@x/core';

/** USD per million tokens as nano-USD per token, to a millionth of that: finer than any price, and without what doubles leave behind. */
export function nanoPerToken(usdPerMillion: number): number {
  return Math.round(usdPerMillion * 1e9) / 1e6;
}

/** A price from what its rates are beyond each of some bounds; `undefined` asks for those from the first token. */
export function withTiers(starts: readonly number[], ratesAt: (above: number | undefined) => TokenRates): ModelPrice {
  const rising = [...new Set(starts)].toSorted((a, b) => a - b);
  if (rising.length === 0) return ratesAt(undefined);
  return {
    ...ratesAt(undefined),
    tiers: rising.map((aboveInputTokens): PriceTier => ({ ...ratesAt(aboveInputTokens), aboveInputTokens })),
  };
}

/** The rates that hold for an input just beyond a bound. */
function ratesBeyond(price: ModelPrice, above: number | undefined): TokenRates {
  if (above === undefined) return price;
  return price.tiers?.findLast(({ aboveInputTokens }) => aboveInputTokens <= above) ?? price;
}

/** A price that asks, for each class and each length of the input, the most that one of these asks. */
export function dearest(prices: readonly [ModelPrice, ...ModelPrice[]]): ModelPrice {
  const [first, ...others] = prices;
  if (others.length === 0) return first;
  const starts = prices.flatMap(({ tiers = [] }) => tiers.map(({ aboveInputTokens }) => aboveInputTokens));
  const price = withTiers(starts, (above) => {
    const all = prices.map((one) => ratesBeyond(one, above));
    const most = (name: keyof TokenRates) => Math.max(...all.map((rates) => rates[name] ?? rates.cacheWriteTokens));
    const isLong = all.some(({ longCacheWriteTokens }) => longCacheWriteTokens !== undefined);
    return {
      inputTokens: most('inputTokens'),
      cacheReadTokens: most('cacheReadTokens'),
      cacheWriteTokens: most('cacheWriteTokens'),
      ...(isLong && { longCacheWriteTokens: most('longCacheWriteTokens') }),
      outputTokens: most('outputTokens'),
      reasoningTokens: most('reasoningTokens'),
    };
  });
  const request = Math.max(...prices.map((one) => one.request ?? 0));
  return request > 0 ? { ...price, request } : price;
}
