import { OUTPUT_TOKENS, type FleetProvider } from '../fleet.ts';
import { COUNTS, type Amounts, type Size } from './charge.ts';

/** One per-minute limit of a key. */
export interface MeterSpec {
  /** Units per millisecond. */
  readonly ratePerMs: number;
  /** The most that it holds. */
  readonly capacity: number;
  readonly amounts: (size: Size) => Amounts;
}

/** One key: a request needs room in all of its meters. */
export interface LaneSpec {
  readonly name: string;
  readonly meters: readonly MeterSpec[];
}

const MINUTE_MS = 60_000;
/** The simulator's own default of `burstSeconds`. */
const BURST_SECONDS = 60;

export function lanesOf(name: string, provider: FleetProvider, factor: number): readonly LaneSpec[] {
  const { style, keys, outputTokens = OUTPUT_TOKENS } = provider;
  return keys.map((key) => {
    const meters: MeterSpec[] = [];
    const burstMs = (key.limits.burstSeconds ?? BURST_SECONDS) * 1_000;
    for (const dimension of Object.keys(COUNTS) as (keyof typeof COUNTS)[]) {
      const limit = key.limits[dimension];
      if (limit === undefined) continue;
      const ratePerMs = (limit * factor) / MINUTE_MS;
      const count = COUNTS[dimension](style);
      meters.push({
        ratePerMs,
        capacity: Math.max(1, ratePerMs * burstMs),
        amounts: (size) => count(size, outputTokens),
      });
    }
    return { name: `${name}/${key.name}`, meters };
  });
}
