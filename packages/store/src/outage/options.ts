import { systemClock, type Clock } from '@x/core';

/**
 * What is done while the store is away: `open` grants everything and remembers what was spent, `closed` refuses everything, and
 * `share` lets each replica enforce its part of every limit by itself.
 */
export type OutagePolicy = 'open' | 'closed' | 'share';

export interface OutageOptions {
  /** What is done meanwhile. */
  readonly policy: OutagePolicy;
  /** Among how many processes a limit is shared, for `share`. @default 1 */
  readonly replicas?: number;
  /** Milliseconds after which a store that has not answered counts as away. @default 250 */
  readonly timeoutMs?: number;
  /** Milliseconds between two questions whether it is there again. @default 500 */
  readonly probeMs?: number;
  /** Measures both. @default systemClock */
  readonly clock?: Clock;
}

export const OUTAGE_DEFAULTS = {
  replicas: 1,
  /** Redis answers in one; a failover within a zone takes longer, and nobody should wait for it. */
  timeoutMs: 250,
  probeMs: 500,
  clock: systemClock,
} as const;

const POLICIES: readonly string[] = ['open', 'closed', 'share'] satisfies OutagePolicy[];

/** @throws TypeError or RangeError that names the option */
export function resolveOutageOptions(options: OutageOptions): Required<OutageOptions> {
  const resolved = { ...OUTAGE_DEFAULTS, ...options };
  if (!POLICIES.includes(resolved.policy)) {
    throw new TypeError(`policy must be open, closed or share, got ${JSON.stringify(resolved.policy)}`);
  }
  if (!Number.isInteger(resolved.replicas) || resolved.replicas < 1) {
    throw new RangeError(`replicas must be a whole number of at least 1, got ${resolved.replicas}`);
  }
  for (const name of ['timeoutMs', 'probeMs'] as const) {
    const value = resolved[name];
    if (!(value > 0 && value < Infinity)) throw new RangeError(`${name} must be a finite number above 0, got ${value}`);
  }
  return resolved;
}
