import type { Siblings } from '@x/core';
import type { Lane } from './lane.ts';
import { ONE_REQUEST, type Cost } from './room/cost.ts';

/** A call that may have siblings: other calls of the same request, at the same time. */
export interface BesideWant {
  readonly cost?: Cost | undefined;
  readonly tried?: readonly Lane[] | undefined;
  readonly siblings?: Siblings | undefined;
}

/** Lanes to pass over: those that were tried, those short of room, and those that a sibling uses where another one is open. */
export function passedOver(lanes: readonly Lane[], want: BesideWant, now: number): readonly Lane[] | undefined {
  const { cost = ONE_REQUEST, tried, siblings } = want;
  if (siblings === undefined) return tried;
  const { keys, spareRoom } = siblings;
  const out = lanes.filter(
    (lane) => tried?.includes(lane) === true || (spareRoom > 0 && roomOf(lane, now) < spareRoom),
  );
  const used = keys.size === 0 ? [] : lanes.filter((lane) => keys.has(lane.key.credential));
  if (used.length > 0) {
    const other = lanes.some((lane) => !out.includes(lane) && !used.includes(lane) && lane.opensIn(cost, now) === 0);
    if (other) out.push(...used);
  }
  return out.length === 0 ? tried : out;
}

/** Part that is left of the limit that is nearest, calls at the same time among them. */
function roomOf({ room }: Lane, now: number): number {
  return Math.min(room.fill(now), 1 - room.slots.inFlight / room.slots.most);
}
