/** How numbers are drawn. A bare number is constant. */
export type Distribution =
  | number
  | { readonly type: 'constant'; readonly value: number }
  | { readonly type: 'uniform'; readonly min: number; readonly max: number }
  | { readonly type: 'exponential'; readonly mean: number }
  /** `p50` is the median; one draw in a hundred lies above `p99`. */
  | { readonly type: 'lognormal'; readonly p50: number; readonly p99: number };

/** Draws one number with a source of numbers in [0, 1). */
export type Sampler = (random: () => number) => number;

/** The 99th percentile of the standard normal distribution. */
const Z99 = 2.3263478740408408;

export function createSampler(distribution: Distribution): Sampler {
  if (typeof distribution === 'number') return () => distribution;
  switch (distribution.type) {
    case 'constant': {
      const { value } = distribution;
      return () => value;
    }
    case 'uniform': {
      const { min, max } = distribution;
      return (random) => min + (max - min) * random();
    }
    case 'exponential': {
      const { mean } = distribution;
      return (random) => -mean * Math.log(1 - random());
    }
    case 'lognormal': {
      const { p50, p99 } = distribution;
      const sigma = Math.log(p99 / p50) / Z99;
      return (random) => p50 * Math.exp(sigma * normal(random));
    }
  }
}

/** Standard normal, by Box and Muller. */
function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}
