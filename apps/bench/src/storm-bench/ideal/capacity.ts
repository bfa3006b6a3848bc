import type { FleetProvider } from '../fleet.ts';
import type { Size } from './charge.ts';
import { lanesOf } from './lanes.ts';

/** Requests of `size` per second that all keys of a provider allow together. */
export function capacityPerSecond(provider: FleetProvider, size: Size): number {
  let sum = 0;
  for (const { meters } of lanesOf('', provider, 1)) {
    sum += Math.min(...meters.map(({ ratePerMs, amounts }) => (ratePerMs * 1_000) / amounts(size).taken));
  }
  return sum;
}
