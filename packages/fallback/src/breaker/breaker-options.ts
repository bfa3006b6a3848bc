import type { Target } from '@x/core';
import type { CircuitState } from './circuit.ts';

export interface BreakerOptions {
  /**
   * Failures of a target in a row after which it is left alone. Broken streams are counted apart from calls that failed.
   * @default 5
   */
  failuresInARow?: number;
  /**
   * Part of the calls of late that must have failed for the target to be left alone; counts `overloaded` too. Above 0, up to 1.
   * @default 0.5
   */
  failureRatio?: number;
  /** Calls of late below which `failureRatio` says nothing. @default 20 */
  minCalls?: number;
  /** Milliseconds that "of late" means. Longer well than this, and the next opening is as short as the first. @default 30000 */
  windowMs?: number;
  /** Milliseconds until the first probe. Doubled with each one that fails. @default 5000 */
  openMs?: number;
  /** Milliseconds: upper bound of that doubling, and so of what a target that healed goes without traffic. @default 10000 */
  maxOpenMs?: number;
  /** Successes after which all is as before. The first probe is alone; each success lets twice as many calls in at once. @default 4 */
  closeAfter?: number;
  /** Targets that are remembered: models come from callers. The one that failed longest ago is forgotten first. @default 1000 */
  maxTargets?: number;
  /** Called when a circuit opens, tries again, or closes. Must not throw. @default none */
  onChange?: (event: CircuitEvent) => void;
}

/** A circuit has changed its state. */
export interface CircuitEvent {
  readonly target: Target;
  readonly from: CircuitState;
  readonly to: CircuitState;
  /** Milliseconds until the next probe; 0 unless it opened. */
  readonly opensInMs: number;
}

/**
 * With these, a target that is down for a minute gets five calls in a row and then a probe after 5, 10, 10, ... seconds; and one
 * that healed is asked within 10 seconds of it.
 */
export const BREAKER_DEFAULTS = {
  failuresInARow: 5,
  failureRatio: 0.5,
  minCalls: 20,
  windowMs: 30_000,
  openMs: 5_000,
  maxOpenMs: 10_000,
  closeAfter: 4,
  maxTargets: 1_000,
} as const satisfies BreakerOptions;

export type BreakerSettings = Required<Omit<BreakerOptions, 'onChange'>> & Pick<BreakerOptions, 'onChange'>;

/** @throws TypeError or RangeError naming the option */
export function resolveBreakerOptions(options: BreakerOptions): BreakerSettings {
  const settings = { ...BREAKER_DEFAULTS, ...options };
  for (const name of ['failuresInARow', 'minCalls', 'closeAfter', 'maxTargets'] as const) {
    const value = settings[name];
    if (Number.isSafeInteger(value) && value >= 1) continue;
    throw new RangeError(`breaker: ${name} must be a whole number of at least 1, got ${String(value)}`);
  }
  for (const name of ['windowMs', 'openMs', 'maxOpenMs'] as const) {
    const value = settings[name];
    if (typeof value === 'number' && value > 0 && value < Infinity) continue;
    throw new RangeError(`breaker: ${name} must be a finite number above 0, got ${String(value)}`);
  }
  const { failureRatio, openMs, maxOpenMs, onChange } = settings;
  if (typeof failureRatio !== 'number' || !(failureRatio > 0 && failureRatio <= 1)) {
    throw new RangeError(`breaker: failureRatio must be above 0 and at most 1, got ${String(failureRatio)}`);
  }
  if (maxOpenMs < openMs) {
    throw new RangeError(`breaker: maxOpenMs must be at least openMs, got ${maxOpenMs} and ${openMs}`);
  }
  if (onChange !== undefined && typeof onChange !== 'function') {
    throw new TypeError(`breaker: onChange must be a function, got ${typeof onChange}`);
  }
  return settings;
}
