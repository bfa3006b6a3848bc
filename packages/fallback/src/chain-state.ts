import { policyOf, type ErrorKind, type PipelineError, type Target } from '@x/core';
import { FailureLog, type ChainFailure } from './failure-log.ts';
import { preferLarger } from './prefer-larger.ts';
import { openingOf, Slot } from './slot.ts';

export interface ChainLimits {
  /** Milliseconds that the first target may wait. */
  readonly patienceMs: number;
  /** Epoch milliseconds at which all waiting ends. */
  readonly waitLimit: number;
  /** Epoch milliseconds after which asking is in vain. */
  readonly deadline: number | undefined;
  /** Kinds that move on although the table makes that depend on someone's consent. */
  readonly moveOnAfter: ReadonlySet<ErrorKind>;
  /** Tokens that a target takes; undefined where nobody knows. */
  readonly contextWindow?: ((target: Target) => number | undefined) | undefined;
}

/** Ask `target`, which may wait until `waitUntil`. */
export interface ChainAsk {
  readonly type: 'ask';
  readonly target: Target;
  /** Epoch milliseconds. */
  readonly waitUntil: number;
  readonly phase: 'next' | 'waiting';
  /** Counts from 1, and only when a call had been made that failed: asking a full pool again is no other attempt. */
  readonly attempt: number;
  /** How many others may still be asked after this one: those not asked yet, and those that said when they open. */
  readonly targetsLeft: number;
}

export type ChainStep =
  | ChainAsk
  /** Nothing inside waits for the target that opens soonest, so wait here. Epoch milliseconds. */
  | { readonly type: 'pause'; readonly until: number }
  | { readonly type: 'exhausted' };

const EXHAUSTED: ChainStep = { type: 'exhausted' };

/** Nothing is wrong with the request: this one target's dialect cannot express it, and another one's may. */
const INEXPRESSIBLE: ReadonlySet<string> = new Set(['unsupported_field', 'unsupported_dialect']);

/** Milliseconds by which two computations of one opening may differ: hints are rounded, and errors take time to arrive. */
const GRAIN_MS = 10;

/**
 * Who is to be asked next, for one request. Pure: no clock, no I/O.
 *
 * First every target once, in order: the first one with patience, the others without a wait. Then, if some target says that it
 * opens in time, always the one that opens soonest. That one may wait until another opens, or to the end if there is none.
 */
export class ChainState {
  readonly #limits: ChainLimits;
  /** Those that are not asked yet, from `#asked` on, may change places. */
  #slots: readonly Slot[];
  readonly #log = new FailureLog();
  #asked = 0;
  #waiting = false;
  #current: Slot | undefined;

  constructor(chain: readonly Target[], limits: ChainLimits) {
    this.#limits = limits;
    this.#slots = chain.map((target) => new Slot(target));
  }

  /** In the order in which they happened. */
  get failures(): readonly ChainFailure[] {
    return this.#log.failures;
  }

  next(now: number): ChainStep {
    const { deadline } = this.#limits;
    if (deadline !== undefined && now >= deadline) return EXHAUSTED;
    return this.#asked < this.#slots.length ? this.#nextInOrder(now) : this.#nextWaiting(now);
  }

  /** Notes the failure of the target that was asked last. False: it is to be thrown on, whoever else there is. */
  failed(error: PipelineError, now: number): boolean {
    const slot = this.#current as Slot;
    slot.fail(error, now);
    this.#log.add(slot.target, error);
    if (error.kind === 'context_length') this.#tooLongFor(slot);
    const { otherTarget } = policyOf(error.kind);
    return (
      otherTarget === 'yes' ||
      otherTarget === 'larger-window-first' ||
      this.#limits.moveOnAfter.has(error.kind) ||
      INEXPRESSIBLE.has(error.code)
    );
  }

  /** The failure that tells the caller most: the one that says soonest when to come back, else the first target's. */
  best(now: number): { readonly error: PipelineError; readonly retryAfterMs: number | undefined } | undefined {
    const all = this.#slots.filter((slot) => slot.error !== undefined);
    const large = all.filter((slot) => !slot.isTooSmall || slot.error?.kind === 'context_length');
    const failed = large.length > 0 ? large : all;
    const [first] = failed;
    if (first?.error === undefined) return undefined;
    const { error = first.error, opensAt } = failed.reduce(sooner);
    return { error, retryAfterMs: opensAt === undefined ? undefined : Math.max(0, opensAt - now) };
  }

  #nextInOrder(now: number): ChainStep {
    const { patienceMs, waitLimit } = this.#limits;
    const waitUntil = Math.min(waitLimit, this.#asked === 0 ? now + patienceMs : now);
    const slot = this.#slots[this.#asked] as Slot;
    this.#asked += 1;
    return this.#ask(slot, waitUntil, 'next');
  }

  #nextWaiting(now: number): ChainStep {
    const { waitLimit } = this.#limits;
    const open = this.#slots.filter((slot) => slot.mayOpenBefore(waitLimit));
    this.#waiting ||= open.some((slot) => slot.opensAt !== undefined);
    if (!this.#waiting || open.length === 0 || now >= waitLimit) return EXHAUSTED;
    const slot = open.reduce(sooner);
    const { opensAt = now } = slot;
    if (slot.returnsEarly && opensAt > now) return { type: 'pause', until: opensAt };
    const rival = Math.min(...open.filter((other) => other !== slot).map(openingOf));
    return this.#ask(slot, Math.min(waitLimit, Math.max(opensAt, rival) + GRAIN_MS), 'waiting');
  }

  #ask(slot: Slot, waitUntil: number, phase: ChainAsk['phase']): ChainStep {
    this.#current = slot;
    slot.ask(phase, waitUntil);
    const { target, failedCalls } = slot;
    return { type: 'ask', target, waitUntil, phase, attempt: failedCalls + 1, targetsLeft: this.#leftBeside(slot) };
  }

  /** The prompt does not fit: whoever takes no more tokens than this one is not asked, or not asked again. */
  #tooLongFor({ target }: Slot): void {
    const { contextWindow } = this.#limits;
    const needed = contextWindow?.(target);
    if (contextWindow === undefined || needed === undefined) return;
    this.#slots = preferLarger(this.#slots, { from: this.#asked, needed, contextWindow });
  }

  #leftBeside(asked: Slot): number {
    const { waitLimit } = this.#limits;
    let left = this.#slots.length - this.#asked;
    for (let index = 0; index < this.#asked; index += 1) {
      const slot = this.#slots[index] as Slot;
      if (slot !== asked && slot.opensAt !== undefined && slot.mayOpenBefore(waitLimit)) left += 1;
    }
    return left;
  }
}

/** The earlier in the chain where both open at once. */
function sooner(a: Slot, b: Slot): Slot {
  return openingOf(b) < openingOf(a) ? b : a;
}
