import type { ModelPrice as GivenPrice } from '@pydantic/genai-prices';
import type { ModelPrice, TokenRates } from '@x/core';
import { nanoPerToken, withTiers } from './rates.ts';

/**
 * A price of the price data as ours; undefined where it is not asked for tokens (minutes of sound, pages). What has no rate of its
 * own costs what the class costs that it would fall into: cached input as input, reasoning as output. Tokens of sound and pictures cost
 * what text does, for usage does not tell them apart.
 */
export function convertPrice(given: GivenPrice): ModelPrice | undefined {
  if (given['input_mtok'] === undefined) return undefined;
  const { requests_kcount: requests } = given;
  const price = withTiers(startsOf(given), (above) => ratesAt(given, above));
  // A million nano-USD for each dollar per thousand requests.
  return typeof requests === 'number' ? { ...price, request: Math.round(requests * 1e6) } : price;
}

const KEYS = [
  'input_mtok',
  'cache_read_mtok',
  'cache_write_mtok',
  'cache_write_1h_mtok',
  'output_mtok',
  'output_reasoning_mtok',
] as const;

function startsOf(given: GivenPrice): number[] {
  return KEYS.flatMap((key) => {
    const rate = given[key];
    return typeof rate === 'object' ? rate.tiers.map(({ start }) => start) : [];
  });
}

/** For inputs of more than `above` tokens, but of no more than where the next tier starts. */
function ratesAt(given: GivenPrice, above: number | undefined): TokenRates {
  const rate = (key: (typeof KEYS)[number]) => {
    const own = given[key];
    if (own === undefined) return undefined;
    if (typeof own === 'number') return nanoPerToken(own);
    let usd = own.base;
    for (const { start, price } of own.tiers.toSorted((a, b) => a.start - b.start)) {
      if (above !== undefined && start <= above) usd = price;
    }
    return nanoPerToken(usd);
  };
  const inputTokens = rate('input_mtok') ?? 0;
  const outputTokens = rate('output_mtok') ?? 0;
  const longCacheWriteTokens = rate('cache_write_1h_mtok');
  return {
    inputTokens,
    cacheReadTokens: rate('cache_read_mtok') ?? inputTokens,
    cacheWriteTokens: rate('cache_write_mtok') ?? inputTokens,
    ...(longCacheWriteTokens !== undefined && { longCacheWriteTokens }),
    outputTokens,
    reasoningTokens: rate('output_reasoning_mtok') ?? outputTokens,
  };
}
