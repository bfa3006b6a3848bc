/** Milliseconds: upper bound of the first class, and how much wider each next one is. 160 classes reach a quarter of an hour. */
const FIRST_MS = 1;
const GROWTH = 1.09;
const CLASSES = 160;

/** Samples after which all counts are halved, so that of the past ever less remains. */
const HALVE_AT = 1_000;

const LOG_GROWTH = Math.log(GROWTH);

/** A quantile of times, within 9 percent, over the last few thousand samples with the latest weighing most. Pure. */
export class LatencyQuantile {
  readonly #counts = new Float64Array(CLASSES);
  #total = 0;
  /** Samples so far, forgotten ones included. */
  samples = 0;

  add(ms: number): void {
    if (!(ms >= 0)) return;
    const index = ms <= FIRST_MS ? 0 : Math.min(CLASSES - 1, Math.ceil(Math.log(ms / FIRST_MS) / LOG_GROWTH));
    this.#counts[index] = (this.#counts[index] as number) + 1;
    this.#total += 1;
    this.samples += 1;
    if (this.#total >= HALVE_AT) this.#halve();
  }

  /** Milliseconds that the part `q` of all samples did not exceed; undefined without any. */
  at(q: number): number | undefined {
    let left = q * this.#total;
    if (this.#total === 0) return undefined;
    for (let index = 0; index < CLASSES; index += 1) {
      left -= this.#counts[index] as number;
      if (left <= 1e-9) return FIRST_MS * GROWTH ** index;
    }
    return FIRST_MS * GROWTH ** (CLASSES - 1);
  }

  #halve(): void {
    this.#total = 0;
    for (let index = 0; index < CLASSES; index += 1) {
      const half = (this.#counts[index] as number) / 2;
      this.#counts[index] = half;
      this.#total += half;
    }
  }
}
