import type { Target } from '@x/core';
import { OutputQuantile } from './output-quantile.ts';

/** Answers after which what was seen is believed. */
const ENOUGH = 20;

/** Models, and pairs of a virtual key and a model, that are remembered at once. The least lately used is forgotten first. */
const MOST = 2_000;

/** How long the answers of each model become, for all and for each virtual key. */
export class LearnedOutput {
  readonly #part: number;
  readonly #known = new Map<string, OutputQuantile>();

  /** `part` of the answers that are to stay within what is said. */
  constructor(part: number) {
    this.#part = part;
  }

  /** Tokens that the part of the answers stays within; undefined until enough were seen. The key's own answers count first. */
  expected({ provider, model }: Target, virtualKey: string | undefined): number | undefined {
    const name = `${provider}/${model}`;
    const own = virtualKey === undefined ? undefined : this.#known.get(`${name} ${virtualKey}`);
    const quantile = own !== undefined && own.seen >= ENOUGH ? own : this.#known.get(name);
    return quantile !== undefined && quantile.seen >= ENOUGH ? quantile.tokens : undefined;
  }

  learn({ provider, model }: Target, virtualKey: string | undefined, outputTokens: number): void {
    const name = `${provider}/${model}`;
    this.#touch(name).add(outputTokens);
    if (virtualKey !== undefined) this.#touch(`${name} ${virtualKey}`).add(outputTokens);
  }

  #touch(name: string): OutputQuantile {
    const quantile = this.#known.get(name) ?? new OutputQuantile(this.#part);
    // Last in, so that the first is the oldest.
    this.#known.delete(name);
    this.#known.set(name, quantile);
    if (this.#known.size > MOST) for (const oldest of this.#known.keys()) return this.#forget(oldest, quantile);
    return quantile;
  }

  #forget(oldest: string, kept: OutputQuantile): OutputQuantile {
    this.#known.delete(oldest);
    return kept;
  }
}
