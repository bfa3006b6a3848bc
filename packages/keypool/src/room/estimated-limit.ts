import { MINUTE_MS } from '../limits/profile.ts';
import { Bucket } from './bucket.ts';
import type { Dimension } from './cost.ts';
import type { Lease } from './lease.ts';
import type { RateMeter } from './rate-meter.ts';

/** Part of the measured rate that is kept after the first refusal. Source: the adaptive client of the AWS SDKs, its beta. */
const FIRST_DECREASE = 0.7;

/** Part by which the pace starts below the estimate, and exceeds it when it has probed for twice {@link PLATEAU_MS}. */
const SWING = 0.1;

/** Milliseconds until the pace is back at the estimate: while little is known, and once two refusals framed an interval. */
const PLATEAU_MS = { early: 5_000, settled: 15_000 } as const;

/** Milliseconds of the rate that may be sent at once, so that what refills during a rest is not lost. */
const BURST_MS = 2_000;

/** Milliseconds between refusals: in less, too little was admitted to tell; in more, the lane may have been idle. */
const TELLING_MS = { least: 1_000, most: 15_000 } as const;

/** The pace never grows beyond this many times what is really used. Source: the same. */
const MOST_OF_MEASURED = 2;

/** Requests per millisecond below which the first estimate does not fall: half a one a second, as the adaptive client has it. */
const LEAST_AT_FIRST = 0.5 / 1_000;

/** Requests per millisecond below which none falls: one a minute. */
const LEAST = 1 / MINUTE_MS;

/**
 * The limit of a lane that tells none, estimated from what it refuses.
 *
 * A refusal says that the bucket is empty. What was admitted from one refusal to the next is therefore what refilled in between:
 * the rate itself, and no guess. From there the pace follows a cubic curve: a little below the estimate, flat around it, ever
 * faster above it, until the next refusal. docs/limits.md has the algorithm and its figures.
 */
export class EstimatedLimit {
  readonly bucket: Bucket;
  readonly #meter: RateMeter;
  /** Units per millisecond. */
  #base: number;
  /** Units of one request, the largest that was refused. */
  #unit: number;
  #intervals = 0;
  /** Epoch milliseconds of the last decrease. */
  #decreasedAt: number;
  #refusedAt: number;
  #mark: number;
  #refusedSince = 0;

  constructor(dimension: Dimension, meter: RateMeter, refused: { readonly lease: Lease; readonly now: number }) {
    const { lease, now } = refused;
    this.#meter = meter;
    this.#unit = Math.max(1, lease.cost[dimension]);
    this.#base = Math.max(LEAST_AT_FIRST * this.#unit, FIRST_DECREASE * meter.rate(now));
    this.#decreasedAt = now;
    this.#refusedAt = lease.sentAt;
    this.#mark = lease.with[dimension];
    this.bucket = new Bucket({ dimension, limit: this.#base * MINUTE_MS, windowMs: MINUTE_MS }, now);
    this.#empty(now);
  }

  /** Units per minute, as far as is known. */
  get estimate(): number {
    return this.#base * MINUTE_MS;
  }

  /** Brings the bucket's rate up to the curve. */
  refresh(now: number): void {
    const pace = this.#pace(now) * MINUTE_MS;
    if (pace === this.bucket.limit) return;
    this.bucket.level(now);
    this.bucket.limit = pace;
    // The first estimate is the pace of a burst, not of a refill.
    this.bucket.capacity = this.#intervals === 0 ? this.#unit : Math.max(this.#unit, this.#base * BURST_MS);
  }

  refused(lease: Lease, now: number): void {
    const { dimension } = this.bucket;
    this.#unit = Math.max(this.#unit, lease.cost[dimension]);
    // Sent before the last decrease: one and the same shortage.
    if (lease.sentAt <= this.#decreasedAt) {
      if (lease.sentAt > this.#refusedAt) this.#refusedSince += lease.cost[dimension];
      return;
    }
    const elapsed = lease.sentAt - this.#refusedAt;
    const admitted = lease.with[dimension] - lease.cost[dimension] - this.#mark - this.#refusedSince;
    this.#decrease(admitted / elapsed, elapsed, now);
    this.#decreasedAt = now;
    this.#refusedAt = lease.sentAt;
    this.#mark = lease.with[dimension];
    this.#refusedSince = 0;
    this.#empty(now);
  }

  #decrease(rate: number, elapsed: number, now: number): void {
    const floor = FIRST_DECREASE * Math.min(this.#pace(now), this.#meter.rate(now));
    const tells = elapsed >= TELLING_MS.least && rate > 0;
    if (!tells) this.#base = Math.min(this.#base, floor);
    else if (elapsed > TELLING_MS.most) this.#base = Math.max(rate, floor);
    else this.#base = this.#intervals < 2 ? rate : this.#base + (elapsed / TELLING_MS.most) * (rate - this.#base);
    if (tells) this.#intervals += 1;
    this.#base = Math.max(this.#base, LEAST * this.#unit);
  }

  /** All but one request: whenever the lane's rest ends, one request may try. */
  #empty(now: number): void {
    this.refresh(now);
    this.bucket.set(this.#unit, now);
  }

  #pace(now: number): number {
    const plateau = this.#intervals < 2 ? PLATEAU_MS.early : PLATEAU_MS.settled;
    const x = (now - this.#decreasedAt) / plateau - 1;
    const pace = this.#base * (1 + SWING * x * x * x);
    return Math.min(pace, Math.max(this.#base, MOST_OF_MEASURED * this.#meter.rate(now)));
  }
}
