import { seededRandom } from '@x/core/testing';
import type { FleetProvider } from '../fleet.ts';
import { capacityPerSecond } from '../ideal/capacity.ts';
import type { Size } from '../ideal/charge.ts';
import { moments } from './moments.ts';
import { middle, SIZES, type Range, type Stream } from './stream.ts';

/** One request of a caller. */
export interface Arrival extends Size {
  /** Milliseconds from the beginning of the run. */
  readonly at: number;
  readonly tenant: string | undefined;
}

export interface ArrivalOptions {
  /** Loads are shares of what this provider allows. */
  readonly provider: FleetProvider;
  readonly seconds: number;
  readonly seed: number;
}

/** All requests of a scenario, in order of their time. The same seed gives the same ones. */
export function arrivals(streams: readonly Stream[], { provider, seconds, seed }: ArrivalOptions): readonly Arrival[] {
  const found = streams.flatMap((stream, index) => {
    const random = seededRandom(Math.imul(seed, 7_919) + index);
    const { tenant, fromSeconds = 0, untilSeconds = seconds } = stream;
    const span = { from: fromSeconds * 1_000, until: untilSeconds * 1_000 };
    return moments(stream, span, meanPerMs(stream, provider), random).map((at): Arrival => {
      const { inputTokens = SIZES, maxTokens } = stream;
      return {
        at,
        tenant,
        inputTokens: draw(inputTokens, random),
        maxTokens: maxTokens === undefined ? undefined : draw(maxTokens, random),
      };
    });
  });
  return found.toSorted((a, b) => a.at - b.at);
}

function meanPerMs(stream: Stream, provider: FleetProvider): number {
  if (stream.shape === 'crowd') return 0;
  const { load, inputTokens = SIZES, maxTokens } = stream;
  const size = { inputTokens: middle(inputTokens), maxTokens: maxTokens === undefined ? undefined : middle(maxTokens) };
  return (load * capacityPerSecond(provider, size)) / 1_000;
}

function draw({ min, max }: Range, random: () => number): number {
  return min + Math.floor(random() * (max - min + 1));
}
