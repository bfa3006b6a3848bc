import type { Health, Peers } from './health.ts';

/** Milliseconds for which a comparison stands. */
const STANDS_MS = 500;

/** Lanes that are looked at, evenly spread over all of them. */
const SAMPLED = 64;

/** What the lanes of a model are like in the middle, looked at twice a second at most. */
export class PeerWatch {
  readonly #lanes: readonly { readonly health: Health }[];
  #at = -Infinity;
  #peers: Peers = { latencyMs: NaN, failures: 0 };

  constructor(lanes: readonly { readonly health: Health }[]) {
    const step = Math.ceil(lanes.length / SAMPLED);
    this.#lanes = lanes.filter((_, index) => index % step === 0);
  }

  of(now: number): Peers {
    if (now - this.#at < STANDS_MS) return this.#peers;
    this.#at = now;
    const latencies = this.#lanes.map(({ health }) => health.latencyMs).filter((ms) => !Number.isNaN(ms));
    this.#peers = {
      latencyMs: lowerMedian(latencies) ?? NaN,
      failures: lowerMedian(this.#lanes.map(({ health }) => health.failures)) ?? 0,
    };
    return this.#peers;
  }
}

/** Of two the better one, so that one of two lanes can be found ailing. */
function lowerMedian(values: number[]): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length / 2) - 1];
}
