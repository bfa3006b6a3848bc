import { totalInput, type Usage } from './usage.ts';

/** What one token of each class of {@link Usage} costs, in nano-USD: USD per million tokens, times a thousand. Fractions are fine. */
export interface TokenRates {
  readonly inputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  /** @default cacheWriteTokens */
  readonly longCacheWriteTokens?: number | undefined;
  readonly outputTokens: number;
  readonly reasoningTokens: number;
}

/** What dearer prompts cost: every token of an answer, whose whole input is beyond a bound, at these rates. */
export interface PriceTier extends TokenRates {
  /** The tier holds from one token more than this. */
  readonly aboveInputTokens: number;
}

/** What a provider asks for one model. */
export interface ModelPrice extends TokenRates {
  /** Nano-USD for each answer, whatever its length. Default: 0. */
  readonly request?: number | undefined;
  /** By rising `aboveInputTokens`. */
  readonly tiers?: readonly PriceTier[] | undefined;
}

/** How large an answer may become, at most. */
export interface AnswerBounds {
  /** All of them, whether read from a cache, written to one, or neither. */
  readonly inputTokens: number;
  /** All of them, the reasoning ones among them. */
  readonly maxOutputTokens: number;
}

/** The whole nano-USD that one answer costs, rounded up. The tier follows from the whole input, as providers bill. */
export function costOf(price: ModelPrice, usage: Usage): number {
  const rates = ratesFor(price, totalInput(usage));
  const { longCacheWriteTokens: long = 0 } = usage;
  const nanoUsd =
    (price.request ?? 0) +
    rates.inputTokens * usage.inputTokens +
    rates.cacheReadTokens * usage.cacheReadTokens +
    rates.cacheWriteTokens * (usage.cacheWriteTokens - long) +
    (rates.longCacheWriteTokens ?? rates.cacheWriteTokens) * long +
    rates.outputTokens * usage.outputTokens +
    rates.reasoningTokens * usage.reasoningTokens;
  return roundUp(nanoUsd);
}

/** The whole nano-USD that no answer within the bounds costs more than, however its tokens fall into classes. */
export function worstCost(price: ModelPrice, { inputTokens, maxOutputTokens }: AnswerBounds): number {
  let input = dearestInput(price);
  let output = dearestOutput(price);
  // An answer may turn out shorter than the bound, so every tier up to it counts.
  for (const tier of price.tiers ?? []) {
    if (tier.aboveInputTokens >= inputTokens) continue;
    input = Math.max(input, dearestInput(tier));
    output = Math.max(output, dearestOutput(tier));
  }
  return Math.ceil((price.request ?? 0) + input * inputTokens + output * maxOutputTokens);
}

/** Nano-USD as a number of USD, without an exponent: `0.00012`. */
export function formatUsd(nanoUsd: number): string {
  const fraction = nanoUsd % NANO;
  const whole = String((nanoUsd - fraction) / NANO);
  if (fraction === 0) return whole;
  const digits = String(fraction).padStart(9, '0');
  let end = digits.length;
  while (digits.charCodeAt(end - 1) === ZERO) end -= 1;
  return `${whole}.${digits.slice(0, end)}`;
}

const ZERO = 0x30;

const NANO = 1e9;

function ratesFor(price: ModelPrice, inputTokens: number): TokenRates {
  let rates: TokenRates = price;
  if (price.tiers !== undefined) {
    for (const tier of price.tiers) if (inputTokens > tier.aboveInputTokens) rates = tier;
  }
  return rates;
}

function dearestInput(rates: TokenRates): number {
  const { inputTokens, cacheReadTokens, cacheWriteTokens, longCacheWriteTokens = 0 } = rates;
  return Math.max(inputTokens, cacheReadTokens, cacheWriteTokens, longCacheWriteTokens);
}

function dearestOutput(rates: TokenRates): number {
  return Math.max(rates.outputTokens, rates.reasoningTokens);
}

/** What sums of doubles may be off by, relatively: a sum that is whole but for that is not rounded up once more. */
const FLOAT_ERROR = 4e-15;

function roundUp(nanoUsd: number): number {
  const nearest = Math.round(nanoUsd);
  return Math.abs(nanoUsd - nearest) <= nanoUsd * FLOAT_ERROR ? nearest : Math.ceil(nanoUsd);
}
