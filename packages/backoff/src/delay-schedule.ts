import { checkNumber } from './check-option.ts';

/**
 * How a delay is spread, with `ceiling` as the exponential bound of the step:
 * `full` is uniform in [0, ceiling], `equal` in [ceiling / 2, ceiling], `decorrelated` in [base, 3 * previous delay].
 * Source of the names: AWS Architecture Blog, "Exponential Backoff And Jitter", 2015.
 */
export type Jitter = 'full' | 'equal' | 'decorrelated';

export const JITTERS: readonly Jitter[] = ['full', 'equal', 'decorrelated'];

export interface DelayOptions {
  /** Milliseconds: the ceiling of the first delay. It doubles with every further one. */
  baseMs: number;
  /** Milliseconds that no delay exceeds, hints apart. */
  capMs: number;
  jitter: Jitter;
}

export interface DelayStep {
  /** Counts from 1: the how-manieth delay this is. */
  readonly step: number;
  /** The delay before this one in milliseconds, 0 for the first. Only `decorrelated` reads it. */
  readonly previousMs: number;
  /** In [0, 1). */
  readonly random: number;
  /** Milliseconds that the other side asked for. The delay is never shorter, and its jitter comes on top. */
  readonly hintMs?: number | undefined;
}

/** Milliseconds to wait. Pure: the same step gives the same delay. */
export type DelaySchedule = (step: DelayStep) => number;

/** @throws RangeError or TypeError naming the option */
export function delaySchedule(options: DelayOptions): DelaySchedule {
  checkDelayOptions('delaySchedule', options);
  const { baseMs, capMs, jitter } = options;
  return ({ step, previousMs, random, hintMs }) => {
    const highest =
      jitter === 'decorrelated' ? Math.min(capMs, Math.max(baseMs, 3 * previousMs)) : ceiling(step, baseMs, capMs);
    // A hint says when there is room again, so all of the range serves to keep the waiters apart.
    if (hintMs !== undefined) return hintMs + random * highest;
    const lowest = jitter === 'full' ? 0 : jitter === 'equal' ? highest / 2 : Math.min(baseMs, highest);
    return lowest + random * (highest - lowest);
  };
}

export function checkDelayOptions(layer: string, { baseMs, capMs, jitter }: DelayOptions): void {
  checkNumber(`${layer}: baseMs`, baseMs, 0);
  checkNumber(`${layer}: capMs`, capMs, baseMs);
  if (!JITTERS.includes(jitter)) {
    throw new TypeError(`${layer}: jitter must be one of ${JITTERS.join(', ')}, got ${JSON.stringify(jitter)}`);
  }
}

/** Doubling stops where a double would lose count, long after any cap. */
function ceiling(step: number, baseMs: number, capMs: number): number {
  return Math.min(capMs, baseMs * 2 ** Math.min(Math.max(step - 1, 0), 52));
}
