import type { Amounts } from './charge.ts';

/** A bucket that refills continuously and begins full. Times are milliseconds and never go back. */
export class IdealBucket {
  readonly #capacity: number;
  readonly #ratePerMs: number;
  #level: number;
  #updatedAt: number;

  constructor(options: { readonly capacity: number; readonly ratePerMs: number }, now: number) {
    this.#capacity = options.capacity;
    this.#ratePerMs = options.ratePerMs;
    this.#level = options.capacity;
    this.#updatedAt = now;
  }

  /** The earliest moment at which `amounts` can be admitted. What is larger than the bucket waits for a full one. */
  admitsAt({ needed }: Amounts, now: number): number {
    const missing = Math.min(needed, this.#capacity) - this.#levelAt(now);
    return missing <= 0 ? now : now + missing / this.#ratePerMs;
  }

  fullAt(now: number): number {
    return now + (this.#capacity - this.#levelAt(now)) / this.#ratePerMs;
  }

  take({ taken }: Amounts, now: number): void {
    this.#level = this.#levelAt(now) - taken;
    this.#updatedAt = now;
  }

  #levelAt(now: number): number {
    return Math.min(this.#capacity, this.#level + (now - this.#updatedAt) * this.#ratePerMs);
  }
}
