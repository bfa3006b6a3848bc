import { policyOf, type ErrorKind } from '@x/core';
import type { HealthState } from './health/health.ts';
import { restOf, type Lane } from './lane.ts';
import { ONE_REQUEST } from './room/cost.ts';
import type { RoomView } from './room/room.ts';

/** What a lane looks like from outside. */
export interface LaneSnapshot {
  readonly key: string;
  readonly model: string;
  readonly weight: number;
  readonly quotaGroup: string | undefined;
  readonly state: 'open' | 'cooling' | 'closed';
  /** Why it was left, while it is. */
  readonly kind: ErrorKind | undefined;
  /** Epoch milliseconds; undefined when open, Infinity when an operator has to act. */
  readonly opensAt: number | undefined;
  /** Milliseconds until it can take a small request: 0 when it can, Infinity when an operator has to act. */
  readonly opensInMs: number;
  readonly inFlight: number;
  /** Every limit that is known, and what is left of it. */
  readonly room: readonly RoomView[];
  readonly health: HealthState;
  /** Milliseconds to the first content of late; undefined while unknown. */
  readonly latencyMs: number | undefined;
  /** Part of the calls of late that failed. */
  readonly failures: number;
  /** Why and when it was last left. */
  readonly lastLeft: LastLeft | undefined;
  /** Calls at the same time at most, as configured or learned from refusals; undefined while no bound is known. */
  readonly concurrency: number | undefined;
  /** Hints of the provider that were longer than any limit lasts, and were cut to `maxCooldownMs`. */
  readonly clampedHints: number;
  /** Rate-limit headers and token counts that made no sense, of all lanes that share its room. */
  readonly garbageHeaders: number;
}

export interface LastLeft {
  readonly kind: ErrorKind;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Epoch milliseconds; Infinity when an operator has to act. */
  readonly until: number;
  /** Milliseconds that the provider asked for, where that was more. */
  readonly hintMs?: number;
}

/** A pool as a whole. */
export interface PoolSnapshot {
  readonly pool: string;
  /** Requests that wait for room. */
  readonly waiting: number;
  readonly waitingByModel: Readonly<Record<string, number>>;
  readonly lanes: readonly LaneSnapshot[];
}

export function laneSnapshot(lane: Lane, now: number): LaneSnapshot {
  const { key, model, room, health } = lane;
  const rest = restOf(lane, now);
  const cooling = rest !== undefined && policyOf(rest.kind).health.startsWith('cool');
  return {
    key: key.credential.name,
    model,
    weight: key.weight,
    quotaGroup: key.quotaGroup,
    state: rest === undefined ? 'open' : cooling ? 'cooling' : 'closed',
    kind: rest?.kind,
    opensAt: rest?.until,
    opensInMs: lane.opensIn(ONE_REQUEST, now),
    inFlight: lane.inFlight,
    room: room.view(now),
    health: health.state(now),
    latencyMs: Number.isNaN(health.latencyMs) ? undefined : Math.round(health.latencyMs),
    failures: health.failures,
    lastLeft: lane.lastLeft,
    concurrency: Number.isFinite(room.slots.most) ? room.slots.most : undefined,
    clampedHints: lane.clampedHints,
    garbageHeaders: room.garbage,
  };
}
