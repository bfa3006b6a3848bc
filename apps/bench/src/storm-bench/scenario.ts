import type { FaultRule } from '@x/simulator';
import type { Stream } from './arrivals/stream.ts';
import type { Bound } from './bounds/bound.ts';
import type { Fleet } from './fleet.ts';

/** One row of the benchmark, as data. Seconds count from the beginning of the run. */
export interface Scenario {
  /** For `--only`, in kebab case. */
  readonly name: string;
  /** For people. */
  readonly title: string;
  /** How long requests arrive. */
  readonly seconds: number;
  readonly fleet: Fleet;
  /** Targets in order, as `provider/model`. Loads are shares of what the first one's provider allows. */
  readonly chain: readonly [string, ...string[]];
  readonly arrivals: readonly Stream[];
  /** Pipelines of their own that share the keys, each getting every so manieth request. @default 1 */
  readonly replicas?: number;
  /** @default none */
  readonly faults?: readonly FaultRule[];
  /** From then on all limits are so many times what the fleet says. @default none */
  readonly changes?: readonly LimitChange[];
  /** Arrivals of a second run of ours, to compare with. @default none */
  readonly compareWith?: readonly Stream[];
  readonly bounds: readonly Bound[];
}

interface LimitChange {
  readonly atSeconds: number;
  readonly factor: number;
}

/** How long a caller's request may wait for room: what the reference pipeline lets it, by default. */
export const PATIENCE_MS = 30_000;

/** When a caller gives up on the answer itself. */
export const TIMEOUT_MS = 60_000;

/** How long a call is on its way to a provider, in milliseconds: half of that to one and a half times, so that calls overtake each other. */
export const NETWORK_MS = 40;
