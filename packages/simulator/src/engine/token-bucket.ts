import type { Meter } from './meter.ts';

/**
 * Milliseconds by which room may come early. Epoch milliseconds as doubles are exact to about 0.0003, so a caller that
 * waited exactly as long as it was told may seem to be that much too early. What was missing stays owed.
 */
const TOLERANCE_MS = 0.001;

/** A bucket that refills continuously. Pure: it knows only the times that it is given, and never runs backwards. */
export class TokenBucket implements Meter {
  readonly capacity: number;
  /** Units per millisecond. */
  readonly rate: number;
  #level: number;
  #updatedAt: number;

  /** Begins full. */
  constructor(capacity: number, rate: number, now: number) {
    if (!(capacity > 0)) throw new RangeError(`TokenBucket: capacity must be above 0, got ${capacity}`);
    if (!(rate > 0)) throw new RangeError(`TokenBucket: rate must be above 0, got ${rate}`);
    this.capacity = capacity;
    this.rate = rate;
    this.#level = capacity;
    this.#updatedAt = now;
  }

  level(now: number): number {
    if (now > this.#updatedAt) {
      this.#level = Math.min(this.capacity, this.#level + (now - this.#updatedAt) * this.rate);
      this.#updatedAt = now;
    }
    return this.#level;
  }

  timeUntil(amount: number, now: number): number {
    const missing = Math.min(amount, this.capacity) - this.level(now);
    const ms = missing / this.rate;
    return ms <= TOLERANCE_MS ? 0 : wholeMicroseconds(ms);
  }

  timeToFull(now: number): number {
    return Math.max(0, wholeMicroseconds((this.capacity - this.level(now)) / this.rate));
  }

  take(amount: number, now: number): void {
    this.#level = Math.min(this.capacity, this.level(now) - amount);
  }
}

/** Without the noise of the last digits, which would turn 100 ms into 101 where times are rounded up. */
function wholeMicroseconds(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
