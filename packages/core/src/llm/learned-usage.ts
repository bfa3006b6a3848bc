/** Tokens of an answer of usual length, until a model's answers have shown theirs. */
export const USUAL_OUTPUT_TOKENS = 256;

/** How far one answer moves what is remembered. */
const STEP = 0.1;

/** Bounds of the ratio, so that one absurd answer does no harm. */
const LEAST_RATIO = 0.2;
const MOST_RATIO = 5;

/** What the answers of one model have taught: how far off its estimates are, and how long its answers. */
export class LearnedUsage {
  /** Tokens that the provider counted for each one that was estimated. */
  ratio = 1;
  outputTokens: number = USUAL_OUTPUT_TOKENS;
  #answers = 0;

  /** `estimated` is what was estimated without the ratio: the ratio may have moved since then. */
  learn(estimated: number, input: number, output: number): void {
    this.#answers += 1;
    // The first answers count evenly.
    const step = Math.max(STEP, 1 / (this.#answers + 1));
    if (estimated > 0 && input > 0) {
      const seen = Math.min(MOST_RATIO, Math.max(LEAST_RATIO, input / estimated));
      this.ratio += step * (seen - this.ratio);
    }
    if (output >= 0) this.outputTokens += step * (output - this.outputTokens);
  }
}
