import type { ConditionalPrice, ModelInfo, ModelPrice as GivenPrice } from '@pydantic/genai-prices';
import type { ModelPrice } from '@x/core';
import { convertPrice } from './convert.ts';
import { dearest } from './rates.ts';

/** A price, and when another one takes its place. */
export interface PriceSpan {
  readonly price: ModelPrice | undefined;
  /** Epoch milliseconds; infinite where no change is announced. */
  readonly until: number;
}

/**
 * What a model costs at a time. Prices that begin on a day begin then, at midnight UTC. Where the price depends on the time of day,
 * it is the dearest of the day: a request may end in another hour than it began in, and no budget is to be overrun by that.
 */
export function priceAt(prices: ModelInfo['prices'], now: number): PriceSpan {
  if (!Array.isArray(prices)) return { price: convertPrice(prices), until: Infinity };
  const [first, ...others] = possible(prices, now)
    .map(convertPrice)
    .filter((price) => price !== undefined);
  const later = prices.map((price) => startOf(price) ?? now).filter((start) => start > now);
  return { price: first && dearest([first, ...others]), until: Math.min(...later) };
}

/** Those that may apply today. The last one whose condition is met counts, so nothing before one that is met for sure. */
function possible(prices: readonly ConditionalPrice[], now: number): GivenPrice[] {
  const found: GivenPrice[] = [];
  for (const conditional of prices.toReversed()) {
    const start = startOf(conditional);
    if (start !== undefined && start > now) continue;
    found.push(conditional.prices);
    if (conditional.constraint?.type !== 'time_of_date') return found;
  }
  const [earliest] = prices;
  // Before the first day of all, the first price is as good as any.
  return found.length > 0 || earliest === undefined ? found : [earliest.prices];
}

function startOf({ constraint }: ConditionalPrice): number | undefined {
  return constraint?.type === 'start_date' ? Date.parse(`${constraint.start_date}T00:00:00Z`) : undefined;
}
