import { fitWait } from '../fit-wait.ts';
import { UNBOUNDED_MAX_WAIT_MS } from '../options.ts';
import { failedError, failedResponse, type RetryFailure } from './failure.ts';
import { resolveRetryOptions, type RetryOptions, type RetrySettings } from './options.ts';
import { asResponse, release } from './response-like.ts';
import { openTimeScope, untilAbort, type TimeScope } from './time-scope.ts';

/** What the function is told about the try that it makes. */
export interface RetryAttempt {
  /** Counts from 1. */
  readonly attempt: number;
  /** Aborts when the caller's signal does or the time is up. Hand it on, to `fetch` for one. */
  readonly signal: AbortSignal;
}

/**
 * Calls `fn` until it succeeds or another try would not help. Understands what `fetch` resolves with, the errors of SDKs with
 * their `status` and `headers`, and network errors; other errors are taken for mistakes and thrown on, unless `retryIf` differs.
 *
 * Resolves with the last response where that is what failed, as `fetch` would. The body of an earlier one is cancelled.
 * @throws the original error of the last try, or the signal's reason after an abort
 */
export async function retry<T>(fn: (attempt: RetryAttempt) => Promise<T>, options: RetryOptions = {}): Promise<T> {
  const settings = resolveRetryOptions(options);
  const scope = openTimeScope(settings);
  try {
    return await loop(fn, settings, scope);
  } finally {
    scope.close();
  }
}

async function loop<T>(
  fn: (attempt: RetryAttempt) => Promise<T>,
  settings: RetrySettings,
  scope: TimeScope,
): Promise<T> {
  const { clock, budget } = settings;
  const { signal } = scope;
  const waits = new Waits(settings, scope);
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted();
    const outcome = await callOnce(fn, attempt, scope);
    if (signal.aborted) throw signal.reason;
    const tried = { attempt, now: clock.now() };
    const failure = outcome.ok ? failedResponse(outcome.value, tried) : failedError(outcome.error, tried);
    const delayMs = failure === undefined ? undefined : waits.next(failure);
    if (failure === undefined || delayMs === undefined) {
      if (!outcome.ok) throw outcome.error;
      if (failure === undefined && attempt === 1) budget?.succeeded();
      else if (failure === undefined) budget?.refund();
      return outcome.value;
    }
    if (failure.response !== undefined) release(failure.response);
    settings.onWait?.({ ...failure, delayMs });
    await clock.sleep(delayMs, signal).catch(() => signal.throwIfAborted());
  }
}

type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };

async function callOnce<T>(
  fn: (attempt: RetryAttempt) => Promise<T>,
  attempt: number,
  { signal, abortable }: TimeScope,
): Promise<Outcome<T>> {
  try {
    const work = fn({ attempt, signal });
    return { ok: true, value: await (abortable ? untilAbort(Promise.resolve(work), signal, releaseLate) : work) };
  } catch (error) {
    return { ok: false, error };
  }
}

/** Nobody is left to read a response that came after the abort. */
function releaseLate(value: unknown): void {
  const response = asResponse(value);
  if (response !== undefined) release(response);
}

/** Decides about the waits of one call. */
class Waits {
  readonly #settings: RetrySettings;
  readonly #deadline: number | undefined;
  #allowanceMs: number;
  #previousMs = 0;

  constructor(settings: RetrySettings, { deadline }: TimeScope) {
    this.#settings = settings;
    this.#deadline = deadline;
    this.#allowanceMs = settings.maxWaitMs ?? (deadline === undefined ? UNBOUNDED_MAX_WAIT_MS : Infinity);
  }

  /** Milliseconds until the next try, or undefined where there is none. */
  next(failure: RetryFailure): number | undefined {
    const { maxAttempts, retryIf, schedule, budget, clock } = this.#settings;
    const { attempt, hintMs, retryable } = failure;
    if (attempt === 1) budget?.failed();
    if (!(retryIf === undefined ? retryable : retryIf(failure)) || attempt >= maxAttempts) return undefined;
    const random = clock.random();
    const wanted = {
      delayMs: schedule({ step: attempt, previousMs: this.#previousMs, random, hintMs }),
      hintMs,
      random,
    };
    const bounds = {
      now: clock.now(),
      waitUntil: undefined,
      deadline: this.#deadline,
      allowanceMs: this.#allowanceMs,
    };
    const delayMs = fitWait(wanted, bounds);
    if (typeof delayMs === 'string' || budget?.withdraw(clock.now()) === false) return undefined;
    this.#previousMs = delayMs - (hintMs ?? 0);
    this.#allowanceMs -= delayMs;
    return delayMs;
  }
}
