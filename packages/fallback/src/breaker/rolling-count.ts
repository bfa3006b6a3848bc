/** Parts of the window that are forgotten one by one. */
const SLICES = 10;

/** Calls and failures of the last `windowMs` milliseconds, give or take a tenth. Pure. */
export class RollingCount {
  readonly #sliceMs: number;
  readonly #calls = new Float64Array(SLICES);
  readonly #failures = new Float64Array(SLICES);
  /** Number of the slice that was written last, counted from the epoch. */
  #slice = 0;
  calls = 0;
  failures = 0;

  constructor(windowMs: number) {
    this.#sliceMs = windowMs / SLICES;
  }

  add(calls: number, failures: number, now: number): void {
    this.forget(now);
    const index = this.#slice % SLICES;
    this.#calls[index] = (this.#calls[index] as number) + calls;
    this.#failures[index] = (this.#failures[index] as number) + failures;
    this.calls += calls;
    this.failures += failures;
  }

  /** Drops what is older than the window. */
  forget(now: number): void {
    const slice = Math.max(this.#slice, Math.floor(now / this.#sliceMs));
    for (let old = Math.max(this.#slice + 1, slice - SLICES + 1); old <= slice; old += 1) {
      const index = old % SLICES;
      this.calls -= this.#calls[index] as number;
      this.failures -= this.#failures[index] as number;
      this.#calls[index] = 0;
      this.#failures[index] = 0;
    }
    this.#slice = slice;
  }

  clear(): void {
    this.#calls.fill(0);
    this.#failures.fill(0);
    this.calls = 0;
    this.failures = 0;
  }
}
