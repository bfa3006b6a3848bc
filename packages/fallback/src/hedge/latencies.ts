import { formatTarget, type Target } from '@x/core';
import { LatencyQuantile } from './latency-quantile.ts';

/** Targets that are remembered. Only those that answered get here, so callers cannot invent them; a bound all the same. */
const MAX_TARGETS = 1_000;

/** Which answers are alike: the first content of a stream comes long before the whole of one that is not streamed. */
export interface LatencyKey {
  readonly target: Target;
  readonly stream: boolean;
}

/** How long each target takes to its first content. */
export class Latencies {
  readonly #quantiles = new Map<string, LatencyQuantile>();

  add(key: LatencyKey, ms: number): void {
    const text = keyOf(key);
    let quantile = this.#quantiles.get(text);
    if (quantile === undefined) {
      quantile = new LatencyQuantile();
      const oldest = this.#quantiles.size >= MAX_TARGETS ? this.#quantiles.keys().next().value : undefined;
      if (oldest !== undefined) this.#quantiles.delete(oldest);
      this.#quantiles.set(text, quantile);
    }
    quantile.add(ms);
  }

  /** Milliseconds, once there are samples enough. */
  at(key: LatencyKey, { quantile, minSamples }: { quantile: number; minSamples: number }): number | undefined {
    const known = this.#quantiles.get(keyOf(key));
    return known === undefined || known.samples < minSamples ? undefined : known.at(quantile);
  }
}

function keyOf({ target, stream }: LatencyKey): string {
  return stream ? `${formatTarget(target)} stream` : formatTarget(target);
}
