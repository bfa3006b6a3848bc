import type { LimitHeader } from '../limits/profile.ts';
import type { LimitReading } from '../limits/read-limit.ts';
import { Bucket } from './bucket.ts';
import type { Dimension } from './cost.ts';
import type { Lease } from './lease.ts';

/** What a lane had given out in all, by dimension. */
export type Totals = Readonly<Record<Dimension, number>>;

/**
 * A bucket that follows what one header family says.
 *
 * A provider counts a call when it arrives, and what it says remains is true of that moment. So an answer is dated by its call:
 * what has been sent after that call is taken off, what has refilled since is added. An answer to an earlier call than the one
 * that was last believed says nothing new.
 */
export class LearnedLimit {
  readonly row: LimitHeader;
  readonly bucket: Bucket;
  /** Epoch milliseconds of the call that was last believed. */
  confirmedAt: number;
  #order: number;

  constructor(row: LimitHeader, reading: LimitReading, lease: Lease) {
    const { dimension } = row;
    const limit = Math.max(1, reading.limit ?? reading.remaining);
    const fixed = row.resets === 'window' || row.window === 'month';
    this.row = row;
    this.bucket = new Bucket({ dimension, limit, windowMs: reading.windowMs, fixed }, lease.sentAt);
    this.confirmedAt = lease.sentAt;
    this.#order = -1;
  }

  /** Whether a reading belongs to another window than before, so that this one has to be forgotten. */
  differs({ windowMs }: LimitReading): boolean {
    return windowMs !== this.bucket.windowMs;
  }

  learn(reading: LimitReading, lease: Lease, seen: { readonly now: number; readonly totals: Totals }): void {
    if (lease.order < this.#order) return;
    const { now, totals } = seen;
    const { bucket, row } = this;
    const { dimension } = bucket;
    const isFirst = this.#order === -1;
    const modelled = bucket.level(now);
    const wasFull = modelled >= bucket.capacity;
    const isSame = !this.#setLimit(reading);
    this.#setCapacity(reading, now);

    const sentAfter = totals[dimension] - lease[dimension];
    const refilled = (now - lease.sentAt) * Math.max(0, bucket.rate);
    const observed = Math.min(bucket.capacity, reading.remaining + refilled) - sentAfter;
    const slack = ((row.grain ?? 1) - 1) / 2;
    const fits = !isFirst && Math.abs(modelled - observed) <= slack;
    const level = fits ? modelled : observed - slack;
    // A full bucket had room that it could not keep, so what is missing there is no one's use; nor is what rounding hides.
    if (isSame && !isFirst && !wasFull && slack === 0)
      bucket.noteForeign(modelled - level, lease.sentAt - this.confirmedAt);
    bucket.set(level, now);
    this.#order = lease.order;
    this.confirmedAt = Math.max(this.confirmedAt, lease.sentAt);
  }

  /** Whether it changed. */
  #setLimit({ limit, remaining }: LimitReading): boolean {
    const { bucket } = this;
    const told = limit ?? Math.max(bucket.limit, remaining);
    if (told === bucket.limit) return false;
    bucket.capacity *= told / bucket.limit;
    bucket.limit = told;
    bucket.foreign = 0;
    return true;
  }

  /** The time until it is whole again says how much it holds, which may be less than a whole window's worth. */
  #setCapacity({ remaining, resetMs }: LimitReading, now: number): void {
    const { bucket, row } = this;
    if (resetMs === undefined) return;
    if (bucket.fixed) {
      bucket.resetAt = now + resetMs;
      return;
    }
    const whole = remaining + Math.max(0, resetMs - (row.resetGrainMs ?? 0)) * (bucket.limit / bucket.windowMs);
    bucket.capacity = Math.min(bucket.limit, Math.max(1, remaining, whole));
  }
}
