import type { Credential, ErrorKind } from '@x/core';

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
  /** Rest of the whole key: it is dead, or out of money. */
  rest: Rest | undefined;
}

/** One key for one model: the unit that has room or has not. */
export interface Lane {
  readonly key: PooledKey;
  readonly model: string;
  rest: Rest | undefined;
  /** Rests in a row without a hint and without a success between them: the exponent of the next one. */
  misses: number;
  /** Epoch milliseconds at which the last of them began. Calls that were under way then say nothing new. */
  missedAt: number;
  /** Epoch milliseconds until which another lane is preferred, after a failure that is not about room. */
  avoidUntil: number;
  /** Where the lane stands on the way of stride scheduling. The smallest goes next. */
  pass: number;
  /** Was out of the choice, so that it must not catch up on the calls it missed when it is back. */
  away: boolean;
  inFlight: number;
}

export function createLane(key: PooledKey, model: string): Lane {
  return { key, model, rest: undefined, misses: 0, missedAt: 0, avoidUntil: 0, pass: 0, away: false, inFlight: 0 };
}

/** What keeps a lane out of the choice: its own rest or its key's, whichever lasts longer. */
export function restOf(lane: Lane, now: number): Rest | undefined {
  const own = lane.rest !== undefined && lane.rest.until > now ? lane.rest : undefined;
  const whole = lane.key.rest !== undefined && lane.key.rest.until > now ? lane.key.rest : undefined;
  if (own === undefined || whole === undefined) return own ?? whole;
  return own.until >= whole.until ? own : whole;
}

/** The later end wins: an answer that came late must not shorten what another one said. */
export function later(old: Rest | undefined, rest: Rest): Rest {
  return old !== undefined && old.until > rest.until ? old : rest;
}
