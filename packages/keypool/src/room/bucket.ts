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
  /** Milliseconds that a call may take until it is counted. @default 0 */
  readonly transitMs?: number;
  /** Milliseconds of refill that are kept back, for those who are not known. @default 0 */
  readonly cushionMs?: number;
}

/**
 * Milliseconds by which room may come early: epoch milliseconds as doubles are exact to about 0.0003. What was missing stays
 * owed.
 */
const TOLERANCE_MS = 0.001;

/** The most of a limit that others are taken to use, so that a lane is still looked at now and then. */
const MOST_FOREIGN = 0.8;

/** Part of a limit below which use by others is taken for noise. */
const LEAST_FOREIGN = 0.05;

/**
 * Part of the capacity that is kept back if all of the refill went to others, and in proportion. What they will take next cannot
 * be known, so those who share a key meet a little above empty instead of at it; nothing is lost, as all that refills is used.
 */
const RESERVE = 0.25;

/** Part of the capacity that a cushion takes at most. */
const MOST_CUSHION = 0.05;

/** Milliseconds over which the use by others is averaged. */
const FOREIGN_MS = 2_000;

/** One limit of a lane as a bucket that refills. Pure: it knows only the times that it is given, and never runs backwards. */
export class Bucket {
  readonly dimension: Dimension;
  readonly windowMs: number;
  readonly fixed: boolean;
  readonly transitMs: number;
  readonly cushionMs: number;
  limit: number;
  capacity: number;
  /** Units per millisecond that others take: replicas, and whoever else has the key. */
  foreign = 0;
  /** The same with its noise, which may be negative. */
  #foreign = 0;
  /** What it held when somebody last looked. */
  seen = 0;
  /** Epoch milliseconds at which a fixed window ends. */
  resetAt: number;
  #level: number;
  #at: number;

  /** Begins full. */
  constructor(
    { dimension, limit, windowMs, capacity = limit, fixed = false, transitMs = 0, cushionMs = 0 }: BucketInit,
    now: number,
  ) {
    this.dimension = dimension;
    this.windowMs = windowMs;
    this.fixed = fixed;
    this.transitMs = transitMs;
    this.cushionMs = cushionMs;
    this.limit = limit;
    this.capacity = capacity;
    this.resetAt = now + windowMs;
    this.#level = capacity;
    this.#at = now;
  }

  /** Units per millisecond that refill if nobody else takes any. */
  get fullRate(): number {
    return this.fixed ? 0 : this.limit / this.windowMs;
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
    const level = this.level(now);
    // A full bucket stays full until the call has arrived, so what would refill until then is lost.
    if (level >= this.capacity && amount > 0) this.#at = Math.max(this.#at, now + this.transitMs);
    this.#level = Math.min(this.capacity, level - amount);
  }

  set(level: number, now: number): void {
    this.#level = Math.min(this.capacity, level);
    this.#at = now;
  }

  /** Milliseconds until `amount` can be taken. An amount above the capacity waits for a full bucket. */
  timeUntil(amount: number, now: number): number {
    const missing = Math.min(amount + this.reserve, this.capacity) - this.level(now);
    if (missing <= 0) return 0;
    const ms = this.fixed ? this.resetAt - now : Math.max(0, this.#at - now) + missing / this.rate;
    return ms <= TOLERANCE_MS ? 0 : ms;
  }

  /** What is kept back. */
  get reserve(): number {
    if (this.cushionMs === 0 || this.fixed) return 0;
    const cushion = Math.min(MOST_CUSHION * this.capacity, this.cushionMs * this.fullRate);
    return Math.max(cushion, (Math.max(RESERVE * this.capacity, this.seen) * this.foreign) / this.fullRate);
  }

  /** Part of the capacity that is there, in [0, 1]. */
  fill(now: number): number {
    return Math.min(1, Math.max(0, this.level(now) / this.capacity));
  }

  /** `amount` units went in `elapsedMs` that nobody here took; negative where the reckoning was off by so much. */
  noteForeign(amount: number, elapsedMs: number): void {
    if (this.fixed || elapsedMs <= 0) return;
    const share = 1 - Math.exp(-elapsedMs / FOREIGN_MS);
    this.#foreign += share * (amount / elapsedMs - this.#foreign);
    const isNoise = this.#foreign < LEAST_FOREIGN * this.fullRate;
    this.foreign = isNoise ? 0 : Math.min(MOST_FOREIGN * this.fullRate, this.#foreign);
  }

  /** What others took is no longer known. */
  forgetForeign(): void {
    this.#foreign = 0;
    this.foreign = 0;
  }
}
