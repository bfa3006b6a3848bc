import { restOf, type Lane } from '../lane.ts';
import type { Bucket } from '../room/bucket.ts';
import { DIMENSIONS, type Cost, type Dimension } from '../room/cost.ts';

/** Milliseconds by which buckets are compared: what a lane can give within it tells how tight it is. */
const HORIZON_MS = 60_000;

/**
 * Milliseconds until the lanes together can have given out `cost`, about: the sum of their rooms and of their rates, each lane
 * from the end of its rest. Infinity when none opens by itself.
 */
export function drainTime(lanes: readonly Lane[], cost: Cost, now: number): number {
  let longest = 0;
  for (const dimension of DIMENSIONS) {
    if (cost[dimension] > 0) longest = Math.max(longest, timeFor(lanes, dimension, { need: cost[dimension], now }));
  }
  return longest;
}

interface Demand {
  readonly need: number;
  readonly now: number;
}

function timeFor(lanes: readonly Lane[], dimension: Dimension, { need, now }: Demand): number {
  let room = 0;
  let rate = 0;
  let unlimitedFrom = Infinity;
  for (const lane of lanes) {
    const rest = restOf(lane, now);
    const restMs = rest === undefined ? 0 : rest.until - now;
    if (restMs === Infinity || lane.room.lanes[0] !== lane) continue;
    const tightest = tightestOf(lane.room.buckets(now), dimension, now);
    if (tightest === undefined) {
      unlimitedFrom = Math.min(unlimitedFrom, restMs);
      continue;
    }
    const perMs = Math.max(tightest.rate, tightest.limit / Math.max(1, tightest.windowMs) / 100);
    // What refills during the rest is kept, as far as the bucket holds it.
    const held = dimension === 'outputTokens' ? lane.room.held : 0;
    const atOpening = Math.min(tightest.capacity, tightest.level(now) - held + restMs * perMs);
    room += atOpening - restMs * perMs;
    rate += perMs;
  }
  if (rate === 0) return unlimitedFrom;
  return Math.min(unlimitedFrom, Math.max(0, (need - room) / rate));
}

function tightestOf(buckets: readonly Bucket[], dimension: Dimension, now: number): Bucket | undefined {
  let tightest: Bucket | undefined;
  let least = Infinity;
  for (const bucket of buckets) {
    if (bucket.dimension !== dimension) continue;
    const gives = bucket.level(now) + HORIZON_MS * bucket.rate;
    if (gives < least) {
      least = gives;
      tightest = bucket;
    }
  }
  return tightest;
}
