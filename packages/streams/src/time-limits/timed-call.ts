import {
  abortReason,
  discard,
  EventStream,
  type Batch,
  type Context,
  type Handler,
  type LlmRequest,
  type LlmResponse,
  type LlmStream,
  type PipelineError,
  type Settlement,
  type Source,
} from '@x/core';
import type { TimeLimitsSettings } from '../options.ts';
import type { Limit } from './commit-limit.ts';
import { silent, tooLate } from './errors.ts';

export interface TimedCallInit {
  readonly request: LlmRequest;
  readonly context: Context;
  /** For the answer to begin. */
  readonly limit: Limit;
  /** For a stream to end. */
  readonly endLimit: Limit;
  /** Milliseconds; Infinity for no limit. */
  readonly idleMs: number;
  /** Told once when a stream has not begun within `idleMs`. */
  readonly onSilent: TimeLimitsSettings['onSilent'];
}

/**
 * One upstream call under its limits. One timer at most: it bounds the commit first, and then watches the silence. Events do not
 * touch it: when it fires it looks at the time of the read that waits, and is armed again for what is left.
 */
export class TimedCall implements Source<Batch> {
  readonly #init: TimedCallInit;
  readonly #controller = new AbortController();
  readonly #startedAt: number;
  /** When its silence is told of, epoch milliseconds; Infinity for never, or not again. */
  #silentAt: number;
  #cancelTimer: (() => void) | undefined;
  #inner: EventStream | undefined;
  /** Why it is over before its time. */
  #error: PipelineError | undefined;
  /** Since when a reader waits, epoch milliseconds. Undefined while nobody does: a slow reader is not the provider's silence. */
  #readingSince: number | undefined;
  #wake: () => void = nothing;
  #resolve: (response: LlmResponse) => void = nothing;
  #reject: (error: unknown) => void = nothing;

  constructor(init: TimedCallInit) {
    this.#init = init;
    this.#startedAt = init.context.clock.now();
    this.#silentAt = init.onSilent === undefined ? Infinity : this.#startedAt + init.idleMs;
  }

  run(next: Handler<LlmRequest, LlmResponse>): Promise<LlmResponse> {
    const { request, context, limit } = this.#init;
    const answer = new Promise<LlmResponse>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    context.signal.addEventListener('abort', this, { once: true });
    this.#arm(Math.min(limit.at, this.#silentAt));
    try {
      next(request, context.with({ signal: this.#controller.signal })).then(this.#onAnswer, this.#onBreak);
    } catch (thrown) {
      this.#onBreak(thrown);
    }
    return answer;
  }

  /** The caller leaves, or its time is up. */
  handleEvent(): void {
    this.#stop(abortReason(this.#init.context.signal));
  }

  readonly #onAnswer = (response: LlmResponse): void => {
    if (this.#error !== undefined) {
      // Too late, or from a handler that does not watch its signal.
      discard(response, this.#error).catch(nothing);
      return;
    }
    if (response.stream) {
      this.#cancelTimer?.();
      this.#cancelTimer = undefined;
      this.#resolve(this.#wrap(response));
    } else {
      this.#release();
      this.#resolve(response);
    }
  };

  #wrap(response: LlmStream): EventStream {
    const { target, dialect, headers, usage, finishReason } = response;
    this.#inner = EventStream.of(response);
    const stream = new EventStream({ target, dialect, headers, head: [], read: this, close: this.#close });
    stream.usage = usage;
    stream.finishReason = finishReason;
    return stream;
  }

  take(): Batch | undefined {
    if (this.#error !== undefined) throw this.#error;
    let batch: Batch | undefined;
    try {
      batch = (this.#inner as EventStream).take();
    } catch (thrown) {
      this.#release();
      throw this.#error ?? thrown;
    }
    if (batch === undefined) this.#release();
    return batch;
  }

  wait(wake: () => void): void {
    if (this.#error !== undefined) return wake();
    const now = this.#init.context.clock.now();
    this.#readingSince = now;
    this.#wake = wake;
    if (this.#cancelTimer === undefined) this.#arm(Math.min(now + this.#init.idleMs, this.#init.endLimit.at));
    (this.#inner as EventStream).wait(this.#onWake);
  }

  readonly #onWake = (): void => {
    this.#readingSince = undefined;
    const wake = this.#wake;
    this.#wake = nothing;
    wake();
  };

  /** The call failed. */
  readonly #onBreak = (thrown: unknown): void => {
    this.#release();
    this.#reject(this.#error ?? thrown);
  };

  /** The reader ends it. Its end is the end of the call: there is nothing left to abort but the stream itself. */
  readonly #close = (reason: unknown, outcome: Settlement['outcome'] | undefined): void => {
    this.#release();
    this.#inner?.close(reason, outcome);
  };

  /** Whoever waits is told at once, even if what is below does not watch its signal. */
  #stop(error: PipelineError): void {
    if (this.#error !== undefined) return;
    this.#error = error;
    this.#release();
    this.#controller.abort(error);
    this.#reject(error);
    this.#inner?.close(error, 'discarded');
    this.#onWake();
  }

  #arm(at: number): void {
    const { clock } = this.#init.context;
    if (at !== Infinity) this.#cancelTimer = clock.schedule(at - clock.now(), this.#onTimer);
  }

  readonly #onTimer = (): void => {
    this.#cancelTimer = undefined;
    const { request, context, limit, endLimit, idleMs, onSilent } = this.#init;
    const now = context.clock.now();
    const bound = this.#inner === undefined ? limit : endLimit;
    if (now >= bound.at) return this.#stop(tooLate(request.target, bound, now - this.#startedAt));
    if (this.#inner === undefined) {
      if (now >= this.#silentAt) {
        this.#silentAt = Infinity;
        onSilent?.({ target: request.target, now });
      }
      return this.#arm(Math.min(bound.at, this.#silentAt));
    }
    // The next read arms it.
    if (this.#readingSince === undefined) return undefined;
    const idleAt = this.#readingSince + idleMs;
    if (now >= idleAt) return this.#stop(silent(request.target, idleMs));
    return this.#arm(Math.min(idleAt, bound.at));
  };

  #release(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#init.context.signal.removeEventListener('abort', this);
  }
}

function nothing(): void {}
