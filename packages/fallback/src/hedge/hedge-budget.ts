/** Hedges that can be saved up. */
const MOST_SAVED = 10;

/** Each request adds its part of a hedge, each hedge takes a whole one: so hedges never exceed that part of the requests. Pure. */
export class HedgeBudget {
  readonly #part: number;
  #saved = 0;

  constructor(part: number) {
    this.#part = part;
  }

  deposit(): void {
    this.#saved = Math.min(MOST_SAVED, this.#saved + this.#part);
  }

  withdraw(): boolean {
    // Twenty times a twentieth is a little less than one.
    if (this.#saved < 1 - 1e-9) return false;
    this.#saved -= 1;
    return true;
  }

  /** The hedge was not made after all. */
  refund(): void {
    this.#saved = Math.min(MOST_SAVED, this.#saved + 1);
  }
}
