import type { Meter } from './meter.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A daily cap that is whole again at the same hour every day, as Gemini's is at midnight Pacific time. Pure. */
export class DayCounter implements Meter {
  readonly capacity: number;
  readonly #startsAtMs: number;
  #day = -Infinity;
  #used = 0;

  /** `startsAtHour` is the hour of the day in UTC. */
  constructor(capacity: number, startsAtHour: number) {
    this.capacity = capacity;
    this.#startsAtMs = startsAtHour * HOUR_MS;
  }

  level(now: number): number {
    const day = Math.floor((now - this.#startsAtMs) / DAY_MS);
    if (day > this.#day) {
      this.#day = day;
      this.#used = 0;
    }
    return this.capacity - this.#used;
  }

  timeUntil(amount: number, now: number): number {
    return this.level(now) >= Math.min(amount, this.capacity) ? 0 : this.#untilNextDay(now);
  }

  timeToFull(now: number): number {
    return this.level(now) === this.capacity ? 0 : this.#untilNextDay(now);
  }

  take(amount: number, now: number): void {
    this.#used = Math.max(0, this.capacity - this.level(now) + amount);
  }

  #untilNextDay(now: number): number {
    return (this.#day + 1) * DAY_MS + this.#startsAtMs - now;
  }
}
