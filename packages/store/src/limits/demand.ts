import type { AcquireOptions } from './limit-store.ts';
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

/** @throws TypeError that names the option. `@` is where a store keeps the epoch beside its leases. */
export function checkAcquire({ leaseId, ttlMs }: AcquireOptions): void {
  if (typeof leaseId !== 'string' || leaseId === '' || leaseId === '@') {
    throw new TypeError(`leaseId must be a text, and not "@", got ${JSON.stringify(leaseId)}`);
  }
  if (!(ttlMs > 0 && ttlMs <= Number.MAX_SAFE_INTEGER)) {
    throw new TypeError(`ttlMs must be a finite number above 0, got ${ttlMs}`);
  }
}

function isAmount(value: number): boolean {
  return value >= 0 && value <= Number.MAX_SAFE_INTEGER;
}
