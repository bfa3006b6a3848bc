import { policyOf, type PipelineError } from '@x/core';
import { fitWait, SHORTEST_MS, usableHint, type TimeLimit, type WaitBounds } from './fit-wait.ts';
import { UNBOUNDED_MAX_WAIT_MS, type BackoffSettings } from './options.ts';

/** `kind`: retrying never helps. `no-hint`: nobody knows when there will be room. The others name the bound that was reached. */
export type GiveUpReason = 'kind' | 'no-hint' | 'attempts' | 'budget' | TimeLimit;

export type Decision =
  | {
      readonly retry: true;
      readonly delayMs: number;
      readonly hintMs: number | undefined;
      /** `free` costs neither an attempt nor budget, because no upstream call was made. */
      readonly cost: 'retry' | 'quick-retry' | 'free';
    }
  | { readonly retry: false; readonly reason: GiveUpReason };

/** What has happened to one request so far, and how things stand. */
export interface RetryState {
  /** Whether the call must not be made again where it may have been carried out. */
  readonly once: boolean;
  /** Upstream calls made. */
  readonly attempts: number;
  readonly quickRetries: number;
  /** Waits of the schedule, quick retries and free waits apart. */
  readonly waits: number;
  /** Milliseconds: the last of them. */
  readonly previousMs: number;
  /** Milliseconds waited in all. */
  readonly waitedMs: number;
  /** Epoch milliseconds. */
  readonly now: number;
  /** In [0, 1). */
  readonly random: number;
  readonly waitUntil: number | undefined;
  readonly deadline: number | undefined;
}

type Policy = Pick<BackoffSettings, 'maxAttempts' | 'maxWaitMs' | 'quickRetryMs' | 'schedule'>;

/** Whether a failed call is worth another try on the same target, and after how long. Pure. */
export function decide(error: PipelineError, state: RetryState, policy: Policy): Decision {
  const { sameLane } = policyOf(error.kind);
  if (sameLane === 'never') return giveUp('kind');
  // Nobody knows whether such a call was carried out before it failed.
  if (sameLane === 'once' && state.once) return giveUp('kind');
  const hintMs = usableHint(error.retryAfterMs);
  if (error.kind === 'pool_exhausted') return waitForRoom(hintMs, state, policy);
  if (state.attempts >= policy.maxAttempts) return giveUp('attempts');
  if (sameLane === 'once') return retryQuickly(hintMs, state, policy);

  const { previousMs, random } = state;
  const delayMs = policy.schedule({ step: state.waits + 1, previousMs, random, hintMs });
  return waiting('retry', { delayMs, hintMs, random }, boundsOf(state, policy));
}

/** Jitter of the first step only: a pool that had no room after all is asked again at no cost. But never without a pause. */
function waitForRoom(hintMs: number | undefined, state: RetryState, policy: Policy): Decision {
  if (hintMs === undefined) return giveUp('no-hint');
  const { random } = state;
  const delayMs = Math.max(SHORTEST_MS, policy.schedule({ step: 1, previousMs: 0, random, hintMs }));
  return waiting('free', { delayMs, hintMs, random }, boundsOf(state, policy));
}

/**
 * Milliseconds: with less time to wait, somebody else is to be asked soon, and nobody knows when an empty budget fills again.
 * Twice the default patience of `@x/fallback`.
 */
const LONG_WAIT_MS = 5_000;

/**
 * Whether an empty budget ends the matter before a wait is begun. Otherwise it is looked at after the wait, and waited for:
 * retries that succeed give back what they cost, so the waiters follow each other at the pace at which the target can serve them.
 */
export function paysFirst(error: PipelineError, { waitUntil = Infinity, now }: RetryState): boolean {
  return policyOf(error.kind).sameLane !== 'after-wait' || waitUntil - now < LONG_WAIT_MS;
}

/** When a request that may retry, but finds the budget empty, looks again. */
export function waitForBudget(state: RetryState, policy: Policy): Decision {
  const decision = waitForRoom(0, state, policy);
  return decision.retry ? { ...decision, hintMs: undefined } : giveUp('budget');
}

/** So short that nobody else could answer sooner, hence not bound by `waitUntil`. A longer hint makes it a wait like others. */
function retryQuickly(hintMs: number | undefined, state: RetryState, policy: Policy): Decision {
  if (state.quickRetries > 0) return giveUp('attempts');
  const { random } = state;
  const { quickRetryMs } = policy;
  const delayMs = (hintMs ?? quickRetryMs / 2) + (random * quickRetryMs) / 2;
  const bounds = boundsOf(state, policy);
  const quick = hintMs === undefined || hintMs <= quickRetryMs;
  return waiting('quick-retry', { delayMs, hintMs, random }, quick ? { ...bounds, waitUntil: undefined } : bounds);
}

type Cost = Extract<Decision, { retry: true }>['cost'];

function waiting(cost: Cost, wanted: Parameters<typeof fitWait>[0], bounds: WaitBounds): Decision {
  const fitted = fitWait(wanted, bounds);
  if (typeof fitted === 'string') return giveUp(fitted);
  return { retry: true, delayMs: fitted, hintMs: wanted.hintMs, cost };
}

function boundsOf({ now, waitUntil, deadline, waitedMs }: RetryState, policy: Policy): WaitBounds {
  const unbounded = waitUntil === undefined && deadline === undefined;
  const maxWaitMs = policy.maxWaitMs ?? (unbounded ? UNBOUNDED_MAX_WAIT_MS : Infinity);
  return { now, waitUntil, deadline, allowanceMs: maxWaitMs - waitedMs };
}

function giveUp(reason: GiveUpReason): Decision {
  return { retry: false, reason };
}
