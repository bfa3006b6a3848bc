/** Whole numbers between two bounds, both included, each as likely. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

interface StreamBase {
  /** Who asks. @default nobody in particular */
  readonly tenant?: string;
  /** @default the beginning */
  readonly fromSeconds?: number;
  /** @default the scenario's end */
  readonly untilSeconds?: number;
  /** Tokens of input, four characters each. @default {@link SIZES} */
  readonly inputTokens?: Range;
  /** What the caller sets `max_tokens` to. @default it sets none */
  readonly maxTokens?: Range;
}

/** Requests that arrive independently of each other and of their answers. `load` is a share of the capacity. */
interface PoissonStream extends StreamBase {
  readonly shape: 'poisson';
  readonly load: number;
}

/** Poisson in between, and bursts of `factor` times the mean, one every so often on average. `load` is the mean with the bursts. */
export interface BurstyStream extends StreamBase {
  readonly shape: 'bursts';
  readonly load: number;
  readonly factor: number;
  readonly burstSeconds: number;
  readonly everySeconds: number;
}

/** So many at the same moment, `fromSeconds`. */
interface CrowdStream extends StreamBase {
  readonly shape: 'crowd';
  readonly count: number;
}

export type Stream = PoissonStream | BurstyStream | CrowdStream;

export const SIZES = { min: 50, max: 150 } as const satisfies Range;

export function middle({ min, max }: Range): number {
  return (min + max) / 2;
}
