import type { BurstyStream, Stream } from './stream.ts';

/** A stretch of time, in milliseconds. */
export interface Stretch {
  readonly from: number;
  readonly until: number;
}

/** When the requests of a stream arrive, in order. `perMs` is its mean rate. */
export function moments(stream: Stream, span: Stretch, perMs: number, random: () => number): number[] {
  switch (stream.shape) {
    case 'crowd':
      return Array.from({ length: stream.count }, () => span.from);
    case 'poisson':
      return poisson(span, perMs, random);
    case 'bursts':
      return bursty(stream, span, perMs, random);
  }
}

function poisson({ from, until }: Stretch, perMs: number, random: () => number): number[] {
  const found: number[] = [];
  if (perMs <= 0) return found;
  for (let at = from + gap(perMs, random); at < until; at += gap(perMs, random)) found.push(at);
  return found;
}

/** Exponential. */
function gap(perMs: number, random: () => number): number {
  return -Math.log(1 - random()) / perMs;
}

/** What is not in bursts makes the mean come out right. Bursts do not overlap. */
function bursty(stream: BurstyStream, span: Stretch, perMs: number, random: () => number): number[] {
  const { factor, burstSeconds, everySeconds } = stream;
  const share = burstSeconds / everySeconds;
  const calm = (perMs * (1 - factor * share)) / (1 - share);
  if (calm < 0)
    throw new RangeError(`bursts of ${burstSeconds} s every ${everySeconds} s exceed the mean by themselves`);
  const found: number[] = [];
  const burstMs = burstSeconds * 1_000;
  const calmMs = everySeconds * 1_000 - burstMs;
  let at = span.from;
  while (at < span.until) {
    // Calm stretches vary between half and one and a half times their mean, so that bursts keep no rhythm.
    const burstAt = Math.min(span.until, at + calmMs * (0.5 + random()));
    const burstEnd = Math.min(span.until, burstAt + burstMs);
    found.push(...poisson({ from: at, until: burstAt }, calm, random));
    found.push(...poisson({ from: burstAt, until: burstEnd }, perMs * factor, random));
    at = burstEnd;
  }
  return found;
}
