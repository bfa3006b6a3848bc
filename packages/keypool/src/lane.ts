import type { Credential, ErrorKind } from '@x/core';
import type { HeapItem } from './choice/indexed-heap.ts';
import { Health } from './health/health.ts';
import { ONE_REQUEST, type Cost } from './room/cost.ts';
import type { ConfiguredLimits, Room } from './room/room.ts';

/** Why something is out of the choice, and until when. */
export interface Rest {
  readonly kind: ErrorKind;
  /** Epoch milliseconds; Infinity until an operator acts. */
  readonly until: number;
}

/** One key of the pool, shared by its lanes. */
export interface PooledKey {
  readonly credential: Credential;
  readonly weight: number;
  readonly models: readonly string[] | undefined;
  readonly limits: ConfiguredLimits | undefined;
  readonly quotaGroup: string | undefined;
  /** Rest of the whole key: it is dead, or out of money. */
  rest: Rest | undefined;
}

/** Milliseconds after which a lane that is full of calls is thought to have a place, while nothing is known of their length. */
const USUAL_CALL_MS = 1_000;

/** One key for one model: the unit that has room or has not. */
export class Lane implements HeapItem {
  readonly key: PooledKey;
  readonly model: string;
  readonly room: Room;
  readonly health = new Health();
  /** Where it stands among its peers: breaks ties. */
  readonly index: number;
  /** Rest of this lane alone: its key may not use the model. */
  rest: Rest | undefined;
  /** What it was last left for. */
  lastLeft: (Rest & { readonly at: number; readonly hintMs?: number }) | undefined;
  /** Hints that were longer than any limit lasts. */
  clampedHints = 0;
  /** Rests in a row without a hint and without a success between them: the exponent of the next one. */
  misses = 0;
  /** Epoch milliseconds at which the last of them began. Calls that were under way then say nothing new. */
  missedAt = 0;
  /** Epoch milliseconds until which another lane is preferred, after a failure that is not about room. */
  avoidUntil = 0;
  /** Where the lane stands on the way of stride scheduling. The smallest goes next. */
  pass = 0;
  /** Epoch milliseconds at which it is looked at again, while it is out of the choice. */
  parkedUntil: number | undefined;
  /** Written by the parking alone. */
  parkedClass = 0;
  inFlight = 0;
  heapIndex = -1;

  constructor(key: PooledKey, model: string, place: { readonly room: Room; readonly index: number }) {
    this.key = key;
    this.model = model;
    this.room = place.room;
    this.index = place.index;
    this.room.lanes.push(this);
  }

  /** Milliseconds until it can take the cost; 0 when it can, Infinity when an operator has to act. */
  opensIn(cost: Cost, now: number): number {
    const wait = this.#opensByRoom(cost, now);
    if (!this.isFull(now)) return wait;
    const { usualMs = USUAL_CALL_MS, inFlight } = this.room.slots;
    return Math.max(wait, usualMs / Math.max(1, inFlight));
  }

  /**
   * The same, for a request that asks whether to wait. While no call has ended, nobody knows when one will: that is no reason to
   * turn anyone away.
   */
  expectedIn(cost: Cost, now: number): number {
    return this.room.slots.usualMs === undefined ? this.#opensByRoom(cost, now) : this.opensIn(cost, now);
  }

  /** Whether no cost, however small, could be taken: the time until one can, else 0. */
  shutFor(now: number): number {
    return this.opensIn(ONE_REQUEST, now);
  }

  isFull(now: number): boolean {
    return this.room.slots.isFull || (this.inFlight > 0 && this.health.isHalfOpen(now));
  }

  /** Better left to its peers, for a while. */
  isAvoided(now: number): boolean {
    return now < this.avoidUntil || now < this.health.openUntil;
  }

  #opensByRoom(cost: Cost, now: number): number {
    const rest = restOf(this, now);
    return Math.max(rest === undefined ? 0 : rest.until - now, this.room.timeUntil(cost, now));
  }
}

/** What keeps a lane out of the choice: whichever of its rests lasts longest. */
export function restOf(lane: Lane, now: number): Rest | undefined {
  const rest = longer(lane.rest, longer(lane.room.rest, lane.key.rest));
  return rest !== undefined && rest.until > now ? rest : undefined;
}

function longer(a: Rest | undefined, b: Rest | undefined): Rest | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a.until >= b.until ? a : b;
}

/** The later end wins: an answer that came late must not shorten what another one said. */
export function later(old: Rest | undefined, rest: Rest): Rest {
  return old !== undefined && old.until > rest.until ? old : rest;
}
