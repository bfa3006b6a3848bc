import type { LimitHeader } from '../limits/profile.ts';
import type { LimitReading } from '../limits/read-limit.ts';
import { Bucket } from './bucket.ts';
import type { Lease } from './lease.ts';
import { TRANSIT_MS, type SendLog } from './send-log.ts';

/** Milliseconds over which small differences add up at most. */
const LONGEST_BASE_MS = 10_000;

/**
 * Milliseconds of refill that are kept back. Who works at the very edge of a bucket is refused as soon as anything is not as it was
 * thought: tokens beyond an estimate, the first request of somebody else. All that refills is used all the same.
 */
const CUSHION_MS = 500;

/**
 * Milliseconds for which a full bucket speaks at most: all who share a key may have left it to each other, and must not fall upon it
 * together when one look shows it full.
 */
const FULL_TELLS_MS = 500;

interface Told {
  readonly remaining: number;
  readonly lease: Lease;
}

/**
 * A bucket that follows what one header family says.
 *
 * A provider counts a call when it arrives, and what it says remains is true of that moment. So an answer is dated by its call:
 * what was sent after that call is taken off, what has refilled since is added. Which of the calls that were sent at about the
 * same time arrived first cannot be known, and remaining may be rounded, so a header gives bounds. Our own reckoning stands as
 * long as it lies within them. An answer to an earlier call than the one that was last believed says nothing new.
 */
export class LearnedLimit {
  readonly row: LimitHeader;
  readonly bucket: Bucket;
  /** Epoch milliseconds of the call that was last believed. */
  confirmedAt: number;
  #order = 0;
  /** The answer before, and the one from which the use of others is counted. */
  #told: { readonly last: Told; base: Told } | undefined;
  /** Bounds of what the bucket holds when it is full. */
  #capacity = { least: 1, most: Infinity };

  constructor(row: LimitHeader, reading: LimitReading, lease: Lease) {
    const { dimension } = row;
    const { windowMs } = reading;
    const limit = Math.max(1, reading.limit ?? reading.remaining);
    const fixed = row.resets === 'window' || row.window === 'month';
    const init = { dimension, limit, windowMs, fixed, transitMs: TRANSIT_MS, cushionMs: CUSHION_MS };
    this.row = row;
    this.bucket = new Bucket(init, lease.sentAt);
    this.confirmedAt = lease.sentAt;
  }

  /** Whether a reading belongs to another window than before, so that this one has to be forgotten. */
  differs({ windowMs }: LimitReading): boolean {
    return windowMs !== this.bucket.windowMs;
  }

  learn(reading: LimitReading, lease: Lease, seen: { readonly now: number; readonly log: SendLog }): void {
    if (lease.order < this.#order) return;
    const { now, log } = seen;
    const { bucket } = this;
    const isFirst = this.#order === 0;
    this.#setLimit(reading);
    this.#setCapacity(reading, lease);
    const modelled = bucket.level(now);

    const { dimension, capacity } = bucket;
    const elapsed = now - lease.sentAt;
    const rounded = this.#roundedBy;
    const refilled = Math.max(0, elapsed - TRANSIT_MS) * Math.max(0, bucket.rate);
    const least =
      Math.min(capacity, reading.remaining - rounded.down + refilled) - log.mostAfter(lease, dimension, now);
    // A call that was refused for it says more than the rounded number.
    const up = lease.refused && reading.remaining < lease.cost[dimension] ? 0 : rounded.up;
    const most = reading.remaining + up + elapsed * bucket.fullRate - log.leastAfter(lease, dimension, now);
    this.#noteForeign(reading, lease, log);
    const fits = !isFirst && bucket.foreign === 0 && modelled >= least && modelled <= most;
    if (!fits) bucket.set(least, now);
    bucket.seen = bucket.level(now);
    this.#order = lease.order;
    this.confirmedAt = Math.max(this.confirmedAt, lease.sentAt);
  }

  /** What went between two answers, less what was sent between their calls and what refilled, is the use of others. */
  #noteForeign({ remaining }: LimitReading, lease: Lease, log: SendLog): void {
    const { bucket, row } = this;
    if ((row.grain ?? 1) > 1) return;
    const told = { remaining, lease };
    const { last = told, base = told } = this.#told ?? {};
    const refilled = (from: Told) => from.remaining + (lease.sentAt - from.lease.sentAt) * bucket.fullRate;
    const { dimension } = bucket;
    this.#told = { last: told, base: told };
    if (last === told) return;
    if (refilled(last) >= bucket.capacity) {
      // A full bucket had room that it could not keep: what is missing there is no one's use. One that still is shows that there is none.
      const isFull = remaining + lease.cost[dimension] + 1 >= bucket.capacity;
      if (isFull) bucket.noteForeign(0, Math.min(FULL_TELLS_MS, lease.sentAt - last.lease.sentAt));
      return;
    }
    const amount = refilled(base) - log.between(base.lease, lease, dimension) - remaining;
    // What rounding and calls that overtook each other explain is no one's use, until it adds up or others are known to be there.
    const unclear =
      1 + TRANSIT_MS * bucket.fullRate + log.unclear(base.lease, dimension) + log.unclear(lease, dimension);
    const elapsed = lease.sentAt - base.lease.sentAt;
    const tells = bucket.foreign > 0 || lease.refused || Math.abs(amount) > unclear;
    if (tells) bucket.noteForeign(amount, elapsed);
    else if (elapsed < LONGEST_BASE_MS) this.#told.base = base;
  }

  /** What remains may be so much less and so much more than is told. Whole units are told, rounded down. */
  get #roundedBy(): { readonly down: number; readonly up: number } {
    const { grain = 1 } = this.row;
    return grain === 1 ? { down: 0, up: 1 } : { down: grain / 2, up: grain / 2 };
  }

  #setLimit({ limit, remaining }: LimitReading): void {
    const { bucket } = this;
    const told = limit ?? Math.max(bucket.limit, remaining);
    if (told === bucket.limit) return;
    const factor = told / bucket.limit;
    this.#capacity = { least: this.#capacity.least * factor, most: this.#capacity.most * factor };
    bucket.capacity *= factor;
    bucket.limit = told;
    bucket.forgetForeign();
    this.#told = undefined;
  }

  /**
   * The time until it is whole again says how much it holds, which may be less than a whole window's worth. Each answer gives
   * bounds, and all of them are true until one contradicts.
   */
  #setCapacity({ remaining, resetMs }: LimitReading, lease: Lease): void {
    const { bucket, row } = this;
    if (resetMs === undefined) return;
    if (bucket.fixed) {
      bucket.resetAt = lease.sentAt + TRANSIT_MS + resetMs;
      return;
    }
    const rounded = this.#roundedBy;
    const shortest = Math.max(0, resetMs - (row.resetGrainMs ?? 0) - (row.format === 'date' ? TRANSIT_MS : 0));
    const least = Math.max(1, remaining, remaining - rounded.down + shortest * bucket.fullRate);
    const most = remaining + rounded.up + resetMs * bucket.fullRate;
    const known = this.#capacity;
    const agrees = least <= known.most && most >= known.least;
    this.#capacity = agrees
      ? { least: Math.max(least, known.least), most: Math.min(most, known.most) }
      : { least, most };
    bucket.capacity = Math.min(bucket.limit, this.#capacity.least);
  }
}
