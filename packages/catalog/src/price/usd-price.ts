import type { ModelPrice, TokenRates } from '@x/core';
import { nanoPerToken, withTiers } from './rates.ts';

/** USD per million tokens, as providers list them. */
export interface UsdRates {
  readonly input: number;
  readonly output: number;
  /** Input that is read from a cache. @default input */
  readonly cacheRead?: number | undefined;
  /** Input that is written to one. @default input */
  readonly cacheWrite?: number | undefined;
  /** Input that is written to one for an hour instead of minutes. @default cacheWrite */
  readonly cacheWriteLong?: number | undefined;
  /** @default output */
  readonly reasoning?: number | undefined;
}

/** A price as people write it. */
export interface UsdPrice extends UsdRates {
  /** USD for each request. @default 0 */
  readonly request?: number | undefined;
  /** Rates for every token of an answer whose input is longer than a bound. @default none */
  readonly tiers?: readonly (UsdRates & { readonly aboveInputTokens: number })[] | undefined;
}

/** As nano-USD. */
export function priceInUsd(given: UsdPrice): ModelPrice {
  const { request, tiers = [] } = given;
  const starts = tiers.map(({ aboveInputTokens }) => aboveInputTokens);
  const price = withTiers(starts, (above) => rates(tiers.find((tier) => tier.aboveInputTokens === above) ?? given));
  return request === undefined ? price : { ...price, request: Math.round(request * 1e9) };
}

function rates(given: UsdRates): TokenRates {
  const { input, output, cacheRead = input, cacheWrite = input, cacheWriteLong, reasoning = output } = given;
  return {
    inputTokens: nanoPerToken(input),
    cacheReadTokens: nanoPerToken(cacheRead),
    cacheWriteTokens: nanoPerToken(cacheWrite),
    ...(cacheWriteLong !== undefined && { longCacheWriteTokens: nanoPerToken(cacheWriteLong) }),
    outputTokens: nanoPerToken(output),
    reasoningTokens: nanoPerToken(reasoning),
  };
}
