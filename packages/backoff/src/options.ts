import { wrongOption, type ErrorKind, type PipelineError, type Target } from '@x/core';
import { checkFunction, checkInteger, checkNumber } from './check-option.ts';
import type { GiveUpReason } from './decide.ts';
import { checkDelayOptions, delaySchedule, type DelaySchedule, type Jitter } from './delay-schedule.ts';
import { checkRetryBudgetOptions, RETRY_BUDGET_DEFAULTS, type RetryBudgetOptions } from './retry-budget.ts';

export interface BackoffOptions {
  /**
   * Upstream calls for one request, the first included. Waiting for room (`pool_exhausted`) makes no call and counts none.
   * The budget bounds the sum over all requests, so this only ends what one unlucky request goes through.
   * @default 8
   */
  maxAttempts?: number;
  /**
   * Milliseconds: ceiling of the first delay, doubled for every further one.
   * @default 500
   */
  baseMs?: number;
  /**
   * Milliseconds that no delay exceeds. A provider's hint is not capped: where it ends too late the wait is not begun.
   * @default 8000
   */
  capMs?: number;
  /**
   * How delays are spread.
   * @default 'full'
   */
  jitter?: Jitter;
  /**
   * Milliseconds: longest delay before the one quick retry of `network` and `server_error`. The shortest is half of it.
   * @default 100
   */
  quickRetryMs?: number;
  /**
   * Milliseconds that one request waits here in all.
   * @default no bound but WAIT_UNTIL and the deadline, and 60000 where the context has neither
   */
  maxWaitMs?: number;
  /**
   * Limits retries over all requests, for each target on its own; `false` for no limit.
   * @default { burst: 10, deposit: 0.1 }
   */
  budget?: RetryBudgetOptions | false;
  /**
   * Targets whose budgets are remembered at once. The least recently used is forgotten first and starts with a full one.
   * @default 1000
   */
  maxTargets?: number;
  /** Called before each wait. Must not throw. @default none */
  onWait?: (event: WaitEvent) => void;
  /** Called when a failure is handed on, whatever its kind. Must not throw. @default none */
  onGiveUp?: (event: GiveUpEvent) => void;
}

interface FailureEvent {
  /** The request's id. */
  readonly id: string;
  readonly target: Target | undefined;
  readonly kind: ErrorKind;
  readonly error: PipelineError;
  /** Upstream calls made for the request so far. */
  readonly attempts: number;
  /** Milliseconds waited for the request so far. */
  readonly waitedMs: number;
}

export interface WaitEvent extends FailureEvent {
  /** Milliseconds that are about to be waited. */
  readonly delayMs: number;
  /** The part of it that the other side asked for. */
  readonly hintMs: number | undefined;
}

export interface GiveUpEvent extends FailureEvent {
  readonly reason: GiveUpReason;
}

export const BACKOFF_DEFAULTS = {
  maxAttempts: 8,
  baseMs: 500,
  capMs: 8_000,
  jitter: 'full',
  quickRetryMs: 100,
  budget: RETRY_BUDGET_DEFAULTS,
  maxTargets: 1_000,
} as const satisfies BackoffOptions;

/** Milliseconds: where nothing else bounds the waits of a request. The mainstream SDKs take no hint beyond a minute either. */
export const UNBOUNDED_MAX_WAIT_MS = 60_000;

export interface BackoffSettings {
  readonly maxAttempts: number;
  readonly quickRetryMs: number;
  readonly maxWaitMs: number | undefined;
  readonly budget: RetryBudgetOptions | false;
  readonly maxTargets: number;
  readonly schedule: DelaySchedule;
  readonly onWait: BackoffOptions['onWait'];
  readonly onGiveUp: BackoffOptions['onGiveUp'];
}

/** @throws RangeError or TypeError naming the option */
export function resolveBackoffOptions(options: BackoffOptions): BackoffSettings {
  const { baseMs, capMs, jitter, ...settings } = { ...BACKOFF_DEFAULTS, ...options };
  checkDelayOptions('backoff', { baseMs, capMs, jitter });
  checkInteger('backoff: maxAttempts', settings.maxAttempts, 1);
  checkInteger('backoff: maxTargets', settings.maxTargets, 1);
  checkNumber('backoff: quickRetryMs', settings.quickRetryMs, 0);
  if (settings.maxWaitMs !== undefined) checkNumber('backoff: maxWaitMs', settings.maxWaitMs, 0);
  if (settings.budget !== false) {
    if (typeof settings.budget !== 'object')
      throw wrongOption('backoff: budget', settings.budget, 'false or an object');
    checkRetryBudgetOptions('backoff: budget', settings.budget);
  }
  checkFunction('backoff: onWait', settings.onWait);
  checkFunction('backoff: onGiveUp', settings.onGiveUp);
  return {
    ...settings,
    maxWaitMs: settings.maxWaitMs,
    onWait: settings.onWait,
    onGiveUp: settings.onGiveUp,
    schedule: delaySchedule({ baseMs, capMs, jitter }),
  };
}
