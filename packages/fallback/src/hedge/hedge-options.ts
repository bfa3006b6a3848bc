import type { Target } from '@x/core';

export interface HedgeOptions {
  /**
   * Milliseconds without content after which a second call is made.
   * @default what is learned: the `quantile` of each target's own times
   */
  delayMs?: number | undefined;
  /** Part of a target's answers that begin before a second call is made. Means nothing with `delayMs`. Above 0, below 1. @default 0.95 */
  quantile?: number;
  /** Answers of a target before its quantile is believed. Means nothing with `delayMs`. @default 50 */
  minSamples?: number;
  /** Second calls per request, over all of them. From 0 to 1. @default 0.05 */
  budget?: number;
  /** Part of a key's room that must be left for a second call to be given it. Above 0, up to 1. @default 0.2 */
  spareRoom?: number;
  /** Called when a request that was asked twice has been decided. Must not throw. @default none */
  onHedge?: (event: HedgeEvent) => void;
}

/** How it went with a second call. */
export interface HedgeEvent {
  /** The request's id. */
  readonly id: string;
  readonly first: Target;
  readonly second: Target;
  /** Milliseconds after which the second call was made. */
  readonly afterMs: number;
  /** Who answered. `none`: both failed, or the caller left. `no-room`: nobody had room to spare, so nothing was sent. */
  readonly winner: 'first' | 'second' | 'none' | 'no-room';
}

/** 95 and 5 percent: what "The Tail at Scale" (Dean and Barroso, 2013) found to take most off the tail for the least load. */
export const HEDGE_DEFAULTS = {
  quantile: 0.95,
  minSamples: 50,
  budget: 0.05,
  spareRoom: 0.2,
} as const satisfies HedgeOptions;

export type HedgeSettings = Required<Omit<HedgeOptions, 'delayMs' | 'onHedge'>> &
  Pick<HedgeOptions, 'delayMs' | 'onHedge'>;

/** @throws TypeError or RangeError naming the option */
export function resolveHedgeOptions(options: HedgeOptions): HedgeSettings {
  const settings = { ...HEDGE_DEFAULTS, ...options };
  const { delayMs, quantile, minSamples, budget, spareRoom, onHedge } = settings;
  if (delayMs !== undefined)
    check('delayMs', delayMs, delayMs >= 0 && delayMs < Infinity, 'a finite number of at least 0');
  check('quantile', quantile, quantile > 0 && quantile < 1, 'above 0 and below 1');
  check('minSamples', minSamples, Number.isSafeInteger(minSamples) && minSamples >= 1, 'a whole number of at least 1');
  check('budget', budget, budget >= 0 && budget <= 1, 'from 0 to 1');
  check('spareRoom', spareRoom, spareRoom > 0 && spareRoom <= 1, 'above 0 and at most 1');
  if (onHedge !== undefined && typeof onHedge !== 'function') {
    throw new TypeError(`hedge: onHedge must be a function, got ${typeof onHedge}`);
  }
  return settings;
}

function check(name: string, value: unknown, isRight: boolean, what: string): void {
  if (typeof value === 'number' && isRight) return;
  throw new RangeError(`hedge: ${name} must be ${what}, got ${String(value)}`);
}
