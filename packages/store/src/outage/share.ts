import type { Limit } from '../limits/limit.ts';
import type { Seed } from '../limits/limit-store.ts';

/**
 * A replica's part of a limit. Requests cannot be split: where there are fewer than replicas, each has one, since a tenant that gets
 * nothing at all while the store is away is worse off than one that gets a few too many.
 */
export function shareOf(limit: Limit, replicas: number): Limit {
  const { unit, window } = limit;
  const divisible = unit === 'tokens' || unit === 'cost';
  const part = (amount: number) =>
    divisible ? amount / replicas : Math.max(Math.min(1, amount), Math.floor(amount / replicas));
  const max = part(limit.max);
  return { ...limit, max, window: window.type === 'bucket' ? { ...window, burst: part(window.burst) } : window };
}

/** What was spent already is split too, so that the parts of what is left add up to what is left. */
export function shareOfSeed(seed: Seed, replicas: number): Seed {
  const entries = seed.entries.map(({ at, amount }) => ({ at, amount: amount / replicas }));
  return { ...seed, limit: shareOf(seed.limit, replicas), entries };
}
