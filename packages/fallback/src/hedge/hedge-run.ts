import {
  abortReason,
  discard,
  policyOf,
  SIBLINGS,
  targetOf,
  toPipelineError,
  WAIT_UNTIL,
  type Context,
  type ContextEntry,
  type Credential,
  type Handler,
  type Target,
  type Targeted,
} from '@x/core';
import { aimAt, CHAIN, sameTarget } from '../chain.ts';
import { ChainExhaustedError } from '../chain-exhausted-error.ts';
import type { HedgeBudget } from './hedge-budget.ts';
import type { HedgeEvent, HedgeSettings } from './hedge-options.ts';
import { Leg, type Outcome } from './leg.ts';
import { Timer } from './timer.ts';

/** Milliseconds that a loser has to stop, so that the trail of the request tells of it. It takes none if it minds its signal. */
const LOSER_MS = 5;

export interface HedgeRunInit<Req, Res> {
  readonly settings: HedgeSettings;
  readonly budget: HedgeBudget;
  /** Milliseconds without an answer after which a second call is made. */
  readonly delayMs: number;
  readonly next: Handler<Req, Res>;
  readonly request: Req;
  readonly context: Context;
  /** Told how long a target took to answer, or how long it at least would have taken. */
  readonly learn: (target: Target, ms: number) => void;
}

interface Extra<Req, Res> {
  readonly leg: Leg<Req, Res>;
  readonly target: Target;
  /** Epoch milliseconds. */
  readonly askedAt: number;
}

/** One request that may be asked twice. */
export class HedgeRun<Req extends Targeted, Res> {
  readonly #init: HedgeRunInit<Req, Res>;
  readonly #keys = new Set<Credential>();
  readonly #startedAt: number;

  constructor(init: HedgeRunInit<Req, Res>) {
    this.#init = init;
    this.#startedAt = init.context.clock.now();
  }

  async run(): Promise<Res> {
    const { context, delayMs, budget, request } = this.#init;
    const first = this.#ask(request, [SIBLINGS.of({ keys: this.#keys, spareRoom: 0 })]);
    const timer = new Timer(context.clock, delayMs);
    const early = await Promise.race([first.outcome, timer.over]);
    timer.stop();
    if (early !== undefined) return this.#alone(early);
    if (context.signal.aborted || !budget.withdraw()) return this.#alone(await first.outcome);
    return this.#both(first);
  }

  #alone(outcome: Outcome<Res>): Res {
    if (!outcome.ok) throw outcome.thrown;
    this.#learn(outcome.response, this.#init.request.target, this.#startedAt);
    return outcome.response;
  }

  async #both(first: Leg<Req, Res>): Promise<Res> {
    const { budget } = this.#init;
    const extra = this.#askAgain();
    const legs = { first, second: extra.leg };
    const quicker = await Promise.race([finished(first, 'first'), finished(extra.leg, 'second')]);
    const slower = quicker === 'first' ? 'second' : 'first';
    const outcome = await legs[quicker].outcome;
    if (outcome.ok) {
      await this.#drop(legs[slower], outcome.response);
      return this.#won(quicker, outcome.response, extra);
    }
    if (quicker === 'first' && isFinal(outcome.thrown)) {
      extra.leg.lose();
      this.#tell('none', extra);
      throw outcome.thrown;
    }
    const isUnsent = quicker === 'second' && nothingWasSent(outcome.thrown);
    if (isUnsent) budget.refund();
    const other = await legs[slower].outcome;
    if (other.ok && !isUnsent) return this.#won(slower, other.response, extra);
    this.#tell(isUnsent ? 'no-room' : 'none', extra);
    if (other.ok) return this.#alone(other);
    // What the first one says is about the target that the caller asked for.
    throw quicker === 'first' ? outcome.thrown : other.thrown;
  }

  /** The next target of the chain, or the same one where there is no other. It may wait for nothing. */
  #askAgain(): Extra<Req, Res> {
    const { request, context, settings } = this.#init;
    const askedAt = context.clock.now();
    const chain = context.get(CHAIN) ?? [];
    const target = chain[1] ?? request.target;
    const entries = [
      WAIT_UNTIL.of(Math.min(askedAt, context.get(WAIT_UNTIL) ?? Infinity)),
      SIBLINGS.of({ keys: this.#keys, spareRoom: settings.spareRoom }),
    ];
    if (chain.length > 1) entries.push(CHAIN.of(chain.slice(1)));
    return { leg: this.#ask(aimAt(request, target), entries), target, askedAt };
  }

  #won(winner: 'first' | 'second', response: Res, extra: Extra<Req, Res>): Res {
    const { request, context, learn } = this.#init;
    if (winner === 'first') this.#learn(response, request.target, this.#startedAt);
    else {
      this.#learn(response, extra.target, extra.askedAt);
      // It would have taken longer than this. Left out, the slowest answers would be missing from what is learned.
      learn(request.target, context.clock.now() - this.#startedAt);
    }
    this.#tell(winner, extra);
    return response;
  }

  #tell(winner: HedgeEvent['winner'], { target, askedAt }: Extra<Req, Res>): void {
    const { settings, context, request } = this.#init;
    const afterMs = askedAt - this.#startedAt;
    settings.onHedge?.({ id: context.id, first: request.target, second: target, afterMs, winner });
  }

  async #drop(loser: Leg<Req, Res>, response: Res): Promise<void> {
    const { clock, signal } = this.#init.context;
    loser.lose();
    const timer = new Timer(clock, LOSER_MS);
    await Promise.race([loser.outcome, timer.over]);
    timer.stop();
    if (!signal.aborted) return;
    await discard(response);
    throw abortReason(signal);
  }

  #ask(request: Req, entries: readonly ContextEntry[]): Leg<Req, Res> {
    const { next, context } = this.#init;
    const derive = (signal: AbortSignal) => context.with({ signal }, ...entries);
    return new Leg({ next, request, derive, outer: context.signal });
  }

  /** Only what the target itself answered says how quick it is. */
  #learn(response: Res, target: Target, since: number): void {
    const by = targetOf(response);
    if (by === undefined || sameTarget(by, target)) this.#init.learn(target, this.#init.context.clock.now() - since);
  }
}

async function finished<const Name>({ outcome }: { readonly outcome: Promise<unknown> }, name: Name): Promise<Name> {
  await outcome;
  return name;
}

/** Nobody else is to be asked after this one. */
function isFinal(thrown: unknown): boolean {
  const { otherTarget } = policyOf(toPipelineError(thrown).kind);
  return otherTarget === 'never' || otherTarget === 'if-asked' || otherTarget === 'if-allowed';
}

function nothingWasSent(thrown: unknown): boolean {
  if (thrown instanceof ChainExhaustedError) return thrown.failures.every(({ kind }) => kind === 'pool_exhausted');
  return toPipelineError(thrown).kind === 'pool_exhausted';
}
