/** Milliseconds over which the rate is averaged; older sends fade away. */
const AVERAGED_MS = 2_000;

/** How fast something flows, with old units fading away. Pure. */
export class RateMeter {
  #rate = 0;
  #at = 0;

  add(amount: number, now: number): void {
    this.#rate = this.rate(now) + amount / AVERAGED_MS;
    this.#at = now;
  }

  /** Units per millisecond. */
  rate(now: number): number {
    return now > this.#at ? this.#rate * Math.exp((this.#at - now) / AVERAGED_MS) : this.#rate;
  }
}
