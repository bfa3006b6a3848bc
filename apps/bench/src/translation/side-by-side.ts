import { systemClock } from '@x/core';
import { quantile } from '../table.ts';

export interface Batches {
  /** Runs in each: about a millisecond's. */
  readonly size: number;
  readonly count: number;
  readonly warmUp: number;
}

/** Microseconds of one run, and how many times as long it takes as one of what it is compared with. */
export interface Cost {
  readonly us: number;
  readonly ratio: number;
}

/** A machine with other work slows most batches down and none up, so it is the quick ones that tell. */
const QUICK = 0.1;

/** Two things in turns, batch by batch, so that both get the same share of the machine. */
export function sideBySide(run: () => void, other: () => void, { size, count, warmUp }: Batches): Cost {
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let batch = 0; batch < warmUp + count; batch += 1) {
    const times = [timed(run, size), timed(other, size)] as const;
    if (batch < warmUp) continue;
    ours.push(times[0]);
    theirs.push(times[1]);
  }
  const us = quick(ours);
  return { us, ratio: us / quick(theirs) };
}

function quick(times: readonly number[]): number {
  return quantile(
    times.toSorted((a, b) => a - b),
    QUICK,
  );
}

function timed(run: () => void, size: number): number {
  const began = systemClock.now();
  for (let i = 0; i < size; i += 1) run();
  return ((systemClock.now() - began) * 1_000) / size;
}
