import { IdealBucket } from './bucket.ts';
import type { Size } from './charge.ts';
import type { LaneSpec, MeterSpec } from './lanes.ts';

export interface IdealRequest extends Size {
  /** Milliseconds. */
  readonly at: number;
}

/** The lanes from a moment on. Their buckets are full then, as those of a reconfigured simulator are. */
export interface Epoch {
  readonly from: number;
  readonly lanes: readonly LaneSpec[];
}

/**
 * What the buckets could have served: when each request is admitted by a scheduler that knows every level, or undefined
 * where its caller's patience ends before. In order of arrival, each at the first moment that any lane has room, and of
 * those with room at the lane that is full soonest, so that the least refill is lost. With requests of one size and
 * patience of one length no scheduler serves more of one lane.
 */
export function idealSchedule(
  requests: readonly IdealRequest[],
  epochs: readonly [Epoch, ...Epoch[]],
  patienceMs: number,
): readonly (number | undefined)[] {
  const [first, ...later] = epochs;
  let lanes = openLanes(first);
  let cursor = first.from;
  return requests.map((request) => {
    const start = Math.max(cursor, request.at);
    const limit = request.at + patienceMs;
    const earlier = () => later[0]?.from ?? Infinity;
    while (earlier() <= start) lanes = openLanes(later.shift() as Epoch);
    let choice = soonest(lanes, request, start);
    while (choice.at >= earlier() && earlier() <= limit) {
      const epoch = later.shift() as Epoch;
      lanes = openLanes(epoch);
      choice = soonest(lanes, request, epoch.from);
    }
    if (choice.at > limit || choice.lane === undefined) return undefined;
    cursor = choice.at;
    for (const { spec, bucket } of choice.lane) bucket.take(spec.amounts(request), choice.at);
    return choice.at;
  });
}

type IdealLane = readonly { readonly spec: MeterSpec; readonly bucket: IdealBucket }[];

function openLanes({ from, lanes }: Epoch): readonly IdealLane[] {
  return lanes.map(({ meters }) => meters.map((spec) => ({ spec, bucket: new IdealBucket(spec, from) })));
}

function soonest(lanes: readonly IdealLane[], size: Size, now: number): { at: number; lane: IdealLane | undefined } {
  let lane: IdealLane | undefined;
  let at = Infinity;
  let fullAt = Infinity;
  for (const candidate of lanes) {
    let opensAt = now;
    let overflowsAt = now;
    for (const { spec, bucket } of candidate) {
      opensAt = Math.max(opensAt, bucket.admitsAt(spec.amounts(size), now));
      overflowsAt = Math.max(overflowsAt, bucket.fullAt(now));
    }
    if (opensAt > at || (opensAt === at && overflowsAt >= fullAt)) continue;
    [lane, at, fullAt] = [candidate, opensAt, overflowsAt];
  }
  return { at, lane };
}
