import {
  abortReason,
  PipelineError,
  throwIfAborted,
  toPipelineError,
  TARGETS_LEFT,
  TRAIL,
  WAIT_UNTIL,
  type Context,
  type Handler,
  type Target,
  type Targeted,
} from '@x/core';
import { aimAt, MOVE_ON_AFTER } from './chain.ts';
import { ChainExhaustedError } from './chain-exhausted-error.ts';
import { ChainState, type ChainAsk } from './chain-state.ts';
import type { FallbackSettings } from './fallback-options.ts';
import { pauseUntil } from './pause.ts';

export interface ChainRunInit<Req, Res> {
  readonly settings: FallbackSettings;
  /** Two targets or more. */
  readonly chain: readonly Target[];
  /** Epoch milliseconds at which all waiting ends. */
  readonly waitLimit: number;
  readonly next: Handler<Req, Res>;
  readonly request: Req;
  readonly context: Context;
}

/** The loop around one request. Deciding happens in {@link ChainState}. */
export class ChainRun<Req extends Targeted, Res> {
  readonly #init: ChainRunInit<Req, Res>;
  readonly #state: ChainState;
  #last: { readonly target: Target; readonly error: PipelineError } | undefined;

  constructor(init: ChainRunInit<Req, Res>) {
    this.#init = init;
    const { chain, context, settings, waitLimit } = init;
    const { patienceMs, contextWindow } = settings;
    const moveOnAfter = context.get(MOVE_ON_AFTER) ?? settings.moveOnAfter;
    const { deadline } = context;
    this.#state = new ChainState(chain, { patienceMs, moveOnAfter, waitLimit, deadline, contextWindow });
  }

  /** @throws ChainExhaustedError, or the failure that no other target may make good */
  async run(): Promise<Res> {
    const { next, request, context, waitLimit } = this.#init;
    for (;;) {
      throwIfAborted(context.signal);
      const step = this.#state.next(context.clock.now());
      if (step.type === 'exhausted') throw this.#exhausted();
      if (step.type === 'pause') {
        await pauseUntil(step.until, waitLimit, context);
        continue;
      }
      this.#announce(step);
      try {
        return await next(aimAt(request, step.target), this.#derive(step));
      } catch (thrown) {
        this.#note(step.target, thrown);
      }
    }
  }

  /** A target that is called again gets a higher number, by which a layer inside knows a retry. */
  #derive({ attempt, waitUntil, targetsLeft }: ChainAsk): Context {
    const { context } = this.#init;
    const change = attempt === 1 ? {} : { attempt: context.attempt + attempt - 1 };
    return context.with(change, WAIT_UNTIL.of(waitUntil), TARGETS_LEFT.of(targetsLeft));
  }

  #note(target: Target, thrown: unknown): void {
    const { clock, signal } = this.#init.context;
    if (signal.aborted) throw abortReason(signal);
    const error = toPipelineError(thrown);
    if (!this.#state.failed(error, clock.now())) throw error;
    this.#last = { target, error };
  }

  #announce({ target, phase }: ChainAsk): void {
    const { settings, context } = this.#init;
    const last = this.#last;
    if (settings.onFallback === undefined || last === undefined || last.target === target) return;
    const { error } = last;
    settings.onFallback({ id: context.id, from: last.target, to: target, kind: error.kind, error, phase });
  }

  #exhausted(): PipelineError {
    const { context } = this.#init;
    const best = this.#state.best(context.clock.now());
    if (best === undefined) {
      return new PipelineError('timeout', 'the time was up before anyone was asked', { code: 'deadline_exceeded' });
    }
    const attempts = context.get(TRAIL)?.attempts ?? [];
    return new ChainExhaustedError({ ...best, failures: this.#state.failures, attempts: [...attempts] });
  }
}
