import type { Dimension } from './cost.ts';

export interface BucketInit {
  readonly dimension: Dimension;
  /** Units per window. */
  readonly limit: number;
  readonly windowMs: number;
  /** The most it holds. @default the limit */
  readonly capacity?: number;
  /** Whole again at the end of its window and not before, as daily counters are. @default false */
  readonly fixed?: boolean;
}

/**
 * Milliseconds by which room may come early: epoch milliseconds as doubles are exact to about 0.0003. What was missing stays
 * owed.
 */
const TOLERANCE_MS = 0.001;

/** The most of a limit that others are taken to use, so that a lane is still looked at now and then. */
const MOST_FOREIGN = 0.8;

/**
 * Part of the capacity that is kept back if all of the refill went to others, and in proportion. What they will take next cannot
 * be known, so those who share a key meet a little above empty instead of at it; nothing is lost, as all that refills is used.
 */
const RESERVE = 0.25;

/** Milliseconds over which the use by others is averaged. */
const FOREIGN_MS = 2_000;

/** One limit of a lane as a bucket that refills. Pure: it knows only the times that it is given, and never runs backwards. */
export class Bucket {
  readonly dimension: Dimension;
  readonly windowMs: number;
  readonly fixed: boolean;
  limit: number;
  capacity: number;
  /** Units per millisecond that others take: replicas, and tokens beyond the estimate. */
  foreign = 0;
  /** Epoch milliseconds at which a fixed window ends. */
  resetAt: number;
  #level: number;
  #at: number;

  /** Begins full. */
  constructor({ dimension, limit, windowMs, capacity = limit, fixed = false }: BucketInit, now: number) {
    this.dimension = dimension;
    this.windowMs = windowMs;
    this.fixed = fixed;
    this.limit = limit;
    this.capacity = capacity;
    this.resetAt = now + windowMs;
    this.#level = capacity;
    this.#at = now;
  }

  /** Units per millisecond that refill; none before the end of a fixed window. */
  get rate(): number {
    return this.fixed ? 0 : this.limit / this.windowMs - this.foreign;
  }

  /** What it holds. Negative after more was taken than it held. */
  level(now: number): number {
    if (now <= this.#at) return this.#level;
    if (!this.fixed) {
      this.#level = Math.min(this.capacity, this.#level + (now - this.#at) * this.rate);
    } else if (now >= this.resetAt) {
      this.#level = this.capacity;
      this.resetAt = now + this.windowMs;
    }
    this.#at = now;
    return this.#level;
  }

  /** Takes without asking, into debt if need be. A negative amount gives back, never beyond the capacity. */
  take(amount: number, now: number): void {
    this.#level = Math.min(this.capacity, this.level(now) - amount);
  }

  set(level: number, now: number): void {
    this.#level = Math.min(this.capacity, level);
    this.#at = Math.max(this.#at, now);
  }

  /** Milliseconds until `amount` can be taken. An amount above the capacity waits for a full bucket. */
  timeUntil(amount: number, now: number): number {
    const missing = Math.min(amount + this.#reserve, this.capacity) - this.level(now);
    if (missing <= 0) return 0;
    const ms = this.fixed ? this.resetAt - now : missing / this.rate;
    return ms <= TOLERANCE_MS ? 0 : ms;
  }

  get #reserve(): number {
    return this.foreign === 0 ? 0 : (RESERVE * this.capacity * this.foreign * this.windowMs) / this.limit;
  }

  /** Part of the capacity that is there, in [0, 1]. */
  fill(now: number): number {
    return Math.min(1, Math.max(0, this.level(now) / this.capacity));
  }

  /** `surplus` units went in `elapsedMs` that nobody here took; a negative number takes some of that back. */
  noteForeign(surplus: number, elapsedMs: number): void {
    if (this.fixed || elapsedMs <= 0) return;
    const share = 1 - Math.exp(-elapsedMs / FOREIGN_MS);
    const most = (MOST_FOREIGN * this.limit) / this.windowMs;
    this.foreign = Math.min(most, Math.max(0, this.foreign + (share * surplus) / elapsedMs));
  }
}
