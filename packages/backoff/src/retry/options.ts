import { systemClock, wrongOption, type Clock } from '@x/core';
import { checkFunction, checkInteger, checkNumber, hasMethods } from '../check-option.ts';
import { checkDelayOptions, delaySchedule, type DelaySchedule, type Jitter } from '../delay-schedule.ts';
import type { RetryBudget } from '../retry-budget.ts';
import type { RetryFailure } from './failure.ts';

export interface RetryOptions {
  /**
   * Calls of the function, the first included.
   * @default 3
   */
  maxAttempts?: number;
  /**
   * Milliseconds: ceiling of the first delay, doubled for every further one.
   * @default 500
   */
  baseMs?: number;
  /**
   * Milliseconds that no delay exceeds. A hint is not capped: where it ends too late the wait is not begun.
   * @default 8000
   */
  capMs?: number;
  /**
   * How delays are spread.
   * @default 'full'
   */
  jitter?: Jitter;
  /**
   * Milliseconds for all tries and waits together. Then the signal aborts with a TimeoutError.
   * @default none
   */
  timeoutMs?: number;
  /**
   * Epoch milliseconds by which it must be done; the earlier of this and `timeoutMs` counts.
   * @default none
   */
  deadline?: number;
  /**
   * Milliseconds to wait in all.
   * @default no bound but the deadline, and 60000 where there is none
   */
  maxWaitMs?: number;
  /** Aborts the wait and the call in flight, and is the function's own signal or part of it. @default none */
  signal?: AbortSignal;
  /**
   * Where time and chance come from.
   * @default systemClock
   */
  clock?: Clock;
  /**
   * Has the last word on every failure but an abort; `failure.retryable` is what would happen without it.
   * @default ({ retryable }) => retryable
   */
  retryIf?: (failure: RetryFailure) => boolean;
  /** Limits retries over all calls that share it. @default none */
  budget?: RetryBudget;
  /** Called before each wait. Must not throw. @default none */
  onWait?: (event: RetryWaitEvent) => void;
}

export interface RetryWaitEvent extends RetryFailure {
  /** Milliseconds that are about to be waited. */
  readonly delayMs: number;
}

export const RETRY_DEFAULTS = {
  maxAttempts: 3,
  baseMs: 500,
  capMs: 8_000,
  jitter: 'full',
  clock: systemClock,
} as const satisfies RetryOptions;

export type RetrySettings = Omit<RetryOptions, 'baseMs' | 'capMs' | 'jitter' | 'maxAttempts' | 'clock'> & {
  readonly maxAttempts: number;
  readonly clock: Clock;
  readonly schedule: DelaySchedule;
};

/** @throws RangeError or TypeError naming the option */
export function resolveRetryOptions(options: RetryOptions): RetrySettings {
  const { baseMs, capMs, jitter, ...settings } = { ...RETRY_DEFAULTS, ...options };
  checkDelayOptions('retry', { baseMs, capMs, jitter });
  checkInteger('retry: maxAttempts', settings.maxAttempts, 1);
  for (const name of ['timeoutMs', 'deadline', 'maxWaitMs'] as const) {
    const value = settings[name];
    if (value !== undefined) checkNumber(`retry: ${name}`, value, 0);
  }
  const { budget, clock, signal } = settings;
  if (budget !== undefined && !hasMethods(budget, ['withdraw', 'succeeded', 'refund'])) {
    throw wrongOption('retry: budget', budget, 'a RetryBudget');
  }
  if (!hasMethods(clock, ['now', 'sleep', 'random'])) throw wrongOption('retry: clock', clock, 'a Clock');
  if (signal !== undefined && !hasMethods(signal, ['addEventListener', 'throwIfAborted'])) {
    throw wrongOption('retry: signal', signal, 'an AbortSignal');
  }
  checkFunction('retry: retryIf', settings.retryIf);
  checkFunction('retry: onWait', settings.onWait);
  return { ...settings, schedule: delaySchedule({ baseMs, capMs, jitter }) };
}
