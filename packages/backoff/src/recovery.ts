import {
  abortReason,
  ONCE,
  PipelineError,
  targetOf,
  toPipelineError,
  TRAIL,
  WAIT_UNTIL,
  type Context,
  type Handler,
} from '@x/core';
import { decide, paysFirst, waitForBudget, type Decision, type GiveUpReason, type RetryState } from './decide.ts';
import type { BackoffSettings } from './options.ts';
import type { TargetBudgets } from './target-budgets.ts';

export interface RecoveryInit<Req, Res> {
  readonly settings: BackoffSettings;
  readonly budgets: TargetBudgets | undefined;
  readonly next: Handler<Req, Res>;
  readonly request: Req;
  readonly context: Context;
}

type Retry = Extract<Decision, { retry: true }>;
type Failure = { readonly thrown: unknown; readonly error: PipelineError };

/** Milliseconds after which an outer layer may ask again whether the budget has something left. A guess: nobody knows. */
const EMPTY_BUDGET_MS = 1_000;

/** The loop around one request that has failed once. Deciding happens in `decide`. */
export class Recovery<Req, Res> {
  readonly #init: RecoveryInit<Req, Res>;
  #attempts = 0;
  #quickRetries = 0;
  #waits = 0;
  #previousMs = 0;
  #waitedMs = 0;
  #holdsToken = false;

  constructor(init: RecoveryInit<Req, Res>) {
    this.#init = init;
  }

  /**
   * For a request whose call has failed.
   * @throws what the last call threw, untouched
   */
  async run(first: unknown): Promise<Res> {
    try {
      for (let thrown = first; ;) {
        await this.#prepare(thrown);
        const outcome = await this.#call();
        if (outcome.ok) return outcome.response;
        thrown = outcome.thrown;
      }
    } finally {
      this.#refund();
    }
  }

  /** For a request that an outer layer sends here again: its first call is a retry too, and paid for. */
  async reenter(): Promise<Res> {
    const error = new PipelineError('pool_exhausted', 'too many retries have failed to make another one now', {
      code: 'retry_budget_empty',
      retryAfterMs: EMPTY_BUDGET_MS,
      target: targetOf(this.#init.request),
    });
    await this.#pay({ thrown: error, error });
    const outcome = await this.#call();
    if (!outcome.ok) return this.run(outcome.thrown);
    this.#refund();
    return outcome.response;
  }

  async #call(): Promise<{ ok: true; response: Res } | { ok: false; thrown: unknown }> {
    const { next, request, context, budgets } = this.#init;
    const attempt = context.attempt + this.#attempts;
    try {
      const response = await next(request, attempt === context.attempt ? context : context.with({ attempt }));
      if (!this.#isRetry()) budgets?.succeeded(targetOf(request));
      return { ok: true, response };
    } catch (thrown) {
      return { ok: false, thrown };
    }
  }

  /** Waits until another call may be made. */
  async #prepare(thrown: unknown): Promise<void> {
    const { settings, context } = this.#init;
    if (context.signal.aborted) throw abortReason(context.signal);
    const failure = { thrown, error: toPipelineError(thrown) };
    if (failure.error.kind !== 'pool_exhausted') this.#noteFailedCall();
    const state = this.#state();
    const decision = decide(failure.error, state, settings);
    if (!decision.retry) throw this.#giveUp(failure, decision.reason);
    if (this.#mustPay() && paysFirst(failure.error, state) && !this.#withdraw()) throw this.#giveUp(failure, 'budget');
    await this.#wait(failure, decision);
    if (this.#mustPay()) await this.#pay(failure);
  }

  async #pay(failure: Failure): Promise<void> {
    while (!this.#withdraw()) {
      const decision = waitForBudget(this.#state(), this.#init.settings);
      if (!decision.retry) throw this.#giveUp(failure, decision.reason);
      await this.#wait(failure, decision);
    }
  }

  #isRetry(): boolean {
    return this.#attempts > 0 || this.#init.context.attempt > 1;
  }

  /** A token is held until its call is made: a full pool in between costs nothing. */
  #mustPay(): boolean {
    return this.#isRetry() && !this.#holdsToken;
  }

  #withdraw(): boolean {
    const { budgets, request, context } = this.#init;
    if (budgets !== undefined && !budgets.withdraw(targetOf(request), context.clock.now())) return false;
    this.#holdsToken = true;
    return true;
  }

  /** After a success, or when the retry is not made after all. */
  #refund(): void {
    if (this.#holdsToken) this.#init.budgets?.refund(targetOf(this.#init.request));
    this.#holdsToken = false;
  }

  #noteFailedCall(): void {
    const { budgets, request } = this.#init;
    if (!this.#isRetry()) budgets?.failed(targetOf(request));
    this.#attempts += 1;
    this.#holdsToken = false;
  }

  async #wait({ error }: Failure, { delayMs, hintMs, cost }: Retry): Promise<void> {
    const { settings, context } = this.#init;
    const { clock, signal } = context;
    settings.onWait?.({ ...this.#event(error), delayMs, hintMs });
    const began = clock.now();
    try {
      await clock.sleep(delayMs, signal);
    } finally {
      const waitedMs = clock.now() - began;
      this.#waitedMs += waitedMs;
      const trail = context.get(TRAIL);
      if (trail !== undefined) trail.waitedMs += waitedMs;
    }
    if (cost === 'quick-retry') this.#quickRetries += 1;
    if (cost !== 'retry') return;
    this.#waits += 1;
    this.#previousMs = delayMs - (hintMs ?? 0);
  }

  #state(): RetryState {
    const { context } = this.#init;
    return {
      attempts: this.#attempts,
      once: context.get(ONCE) === true,
      quickRetries: this.#quickRetries,
      waits: this.#waits,
      previousMs: this.#previousMs,
      waitedMs: this.#waitedMs,
      now: context.clock.now(),
      random: context.clock.random(),
      waitUntil: context.get(WAIT_UNTIL),
      deadline: context.deadline,
    };
  }

  #giveUp({ thrown, error }: Failure, reason: GiveUpReason): unknown {
    this.#init.settings.onGiveUp?.({ ...this.#event(error), reason });
    return thrown;
  }

  #event(error: PipelineError) {
    const { request, context } = this.#init;
    return {
      id: context.id,
      target: targetOf(request),
      kind: error.kind,
      error,
      attempts: this.#attempts,
      waitedMs: this.#waitedMs,
    };
  }
}
