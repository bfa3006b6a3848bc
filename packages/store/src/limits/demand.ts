import type { Demand, Limit, Unit } from './limit.ts';

/** In the order in which {@link amountsOf} has them. */
export const UNITS: readonly Unit[] = ['requests', 'tokens', 'cost', 'concurrent'];

export const NOTHING: Demand = { requests: 0, tokens: 0, cost: 0 };

export function amountFor({ unit }: Limit, demand: Demand): number {
  return unit === 'concurrent' ? 1 : demand[unit];
}

/** @throws TypeError that names the unit, for an amount that cannot be counted */
export function checkDemand(demand: Demand): void {
  if (isAmount(demand.requests) && isAmount(demand.tokens) && isAmount(demand.cost)) return;
  const unit = (['requests', 'tokens', 'cost'] as const).find((name) => !isAmount(demand[name])) ?? 'cost';
  throw new TypeError(`demand.${unit} must be a number from 0 to 2^53, got ${demand[unit]}`);
}

function isAmount(value: number): boolean {
  return value >= 0 && value <= Number.MAX_SAFE_INTEGER;
}
