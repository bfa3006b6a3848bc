import type { Engine } from './engine.ts';
import type { Limit } from './limit.ts';

/**
 * Into how many stretches a window is split, the one that is running included. So many that 150 demands a second against 1,000 a
 * minute get 990 in every minute: what a stretch costs is the demands of its time.
 */
export const STRETCHES = 1024;

/** Pairs that a ring begins with. It doubles up to {@link STRETCHES}: most counters see little, and there may be many of them. */
const FIRST_CAPACITY = 4;

/**
 * Counts by stretches of a 1023rd of the window, and counts a stretch until it is over for as long as the window. So what was counted at
 * any moment of it has been counted for at least the window's length, and no stretch of that length ever holds more than the limit.
 * What this costs is at most one part in 1024 of the rate.
 */
export class SlidingWindow implements Engine {
  readonly #ms: number;
  /** Pairs of a stretch's number and the amount in it, for stretches that have any, oldest first from `#head`. */
  #ring = new Float64Array(0);
  #head = 0;
  #length = 0;
  #sum = 0;

  constructor(ms: number) {
    this.#ms = ms;
  }

  check(amount: number, limit: Limit, now: number): number {
    this.#evict(now);
    const excess = this.#sum + amount - limit.max;
    if (excess <= 0) return 0;
    return amount > limit.max ? Infinity : this.#releasedAt(excess) - now;
  }

  take(amount: number, _limit: Limit, now: number): number {
    const stretch = Math.max(stretchOf(now, this.#ms), this.#newest());
    if (stretch === this.#newest()) this.#increase(this.#length - 1, amount);
    else this.#push(stretch, amount);
    return stretch;
  }

  adjust(place: number, difference: number): void {
    const index = this.#firstFrom(place);
    if (index === this.#length || this.#ring[this.#at(index)] !== place) return;
    this.#increase(index, difference);
  }

  add(amount: number, limit: Limit, at: number, now: number): void {
    this.#evict(now);
    const stretch = stretchOf(at, this.#ms);
    if (stretch <= stretchOf(now, this.#ms) - STRETCHES) return;
    const index = this.#firstFrom(stretch);
    // Counted a little longer where its own stretch had nothing: a stretch between others has no place.
    if (index === this.#length) this.take(amount, limit, at);
    else this.adjust(this.#ring[this.#at(index)] ?? 0, amount);
  }

  used(_limit: Limit, now: number): number {
    this.#evict(now);
    return this.#sum;
  }

  resetsAt(_limit: Limit, now: number): number | undefined {
    this.#evict(now);
    return this.#sum === 0 ? now : releaseOf(this.#newest(), this.#ms);
  }

  #evict(now: number): void {
    const last = stretchOf(now, this.#ms) - STRETCHES;
    while (this.#length > 0 && (this.#ring[this.#at(0)] ?? 0) <= last) {
      this.#sum -= this.#ring[this.#at(0) + 1] ?? 0;
      this.#head += 1;
      this.#length -= 1;
    }
  }

  /** When so much of the sum will be gone. */
  #releasedAt(amount: number): number {
    let left = amount;
    let index = 0;
    while (index < this.#length - 1 && (left -= this.#ring[this.#at(index) + 1] ?? 0) > 0) index += 1;
    return releaseOf(this.#ring[this.#at(index)] ?? 0, this.#ms);
  }

  #newest(): number {
    return this.#length === 0 ? -Infinity : (this.#ring[this.#at(this.#length - 1)] ?? 0);
  }

  /** Index of the first stretch that is not before `stretch`; the length where all are. */
  #firstFrom(stretch: number): number {
    let [low, high] = [0, this.#length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#ring[this.#at(middle)] ?? 0) < stretch) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Where the pair with this index begins. The capacity is a power of two. */
  #at(index: number): number {
    return ((this.#head + index) * 2) & (this.#ring.length - 1);
  }

  #push(stretch: number, amount: number): void {
    if (this.#length * 2 === this.#ring.length) this.#grow();
    this.#length += 1;
    const at = this.#at(this.#length - 1);
    this.#ring[at] = stretch;
    this.#ring[at + 1] = amount;
    this.#sum += amount;
  }

  #increase(index: number, amount: number): void {
    const at = this.#at(index) + 1;
    this.#ring[at] = (this.#ring[at] ?? 0) + amount;
    this.#sum += amount;
  }

  #grow(): void {
    const grown = new Float64Array(Math.max(FIRST_CAPACITY * 2, this.#ring.length * 2));
    for (let index = 0; index < this.#length; index += 1) {
      grown.set(this.#ring.subarray(this.#at(index), this.#at(index) + 2), index * 2);
    }
    this.#ring = grown;
    this.#head = 0;
  }
}

/**
 * The number of the stretch that a time lies in. A millisecond more than the window, since times are whole: what is counted at 5
 * may have happened just before 6.
 */
export function stretchOf(at: number, ms: number): number {
  return Math.floor((at * (STRETCHES - 1)) / (ms + 1));
}

/** Epoch milliseconds at which what is in a stretch stops counting. */
export function releaseOf(stretch: number, ms: number): number {
  return Math.ceil(((stretch + STRETCHES) * (ms + 1)) / (STRETCHES - 1));
}
