import { chargeAtSettlement, type CallSize, type ChargeStyle } from '../engine/charge.ts';
import type { Lane } from '../engine/lane.ts';
import type { Tally } from '../stats.ts';
import type { ExchangeListener, Outcome } from '../wire/exchange.ts';
import type { Reply } from '../wire/reply.ts';

/** What an admitted request holds until its end. */
export interface Admission {
  readonly lane: Lane;
  readonly charge: ChargeStyle;
  readonly size: CallSize;
  readonly burndown: number;
}

/** One request as its provider saw it. The members after `faults` are filled in as it goes on. */
export interface SeenRequest {
  readonly provider: string;
  /** The name of its key; undefined where it is not valid. */
  readonly key: string | undefined;
  readonly model: string | undefined;
  readonly stream: boolean | undefined;
  /** Epoch milliseconds at which it arrived. */
  readonly at: number;
  /** Names of the faults that struck it. */
  readonly faults: readonly string[];
  /** Of the answer; 0 where there is none. */
  readonly status: number;
  /** How it ended; undefined until it has. */
  readonly outcome: Outcome | undefined;
  /** Epoch milliseconds. */
  readonly endedAt: number | undefined;
}

export type SeenSoFar = { -readonly [Name in keyof SeenRequest]: SeenRequest[Name] };

/** One request in the statistics, from its arrival to its end. */
export class Visit implements ExchangeListener {
  readonly #tallies: readonly Tally[];
  readonly #seen: SeenSoFar;
  #admission: Admission | undefined;
  #entered = false;
  #status = 0;

  constructor(tallies: readonly Tally[], seen: SeenSoFar) {
    this.#tallies = tallies;
    this.#seen = seen;
    for (const tally of tallies) tally.requests += 1;
  }

  struck(faults: readonly string[]): void {
    this.#seen.faults = faults;
    for (const name of faults) for (const tally of this.#tallies) tally.fault(name);
  }

  /** It takes time from here on. Without an admission, it holds nothing but its place. */
  enter(inputTokens: number, admission?: Admission): void {
    this.#entered = true;
    this.#admission = admission;
    for (const tally of this.#tallies) tally.enter(inputTokens);
  }

  answer(reply: Reply): this {
    this.#status = reply.status;
    this.#seen.status = reply.status;
    return this;
  }

  began(): void {
    for (const tally of this.#tallies) tally.status(this.#status);
  }

  finished(outcome: Outcome, tokens: number, now: number): void {
    this.#seen.outcome = outcome;
    this.#seen.endedAt = now;
    const admission = this.#admission;
    if (admission !== undefined) {
      const { lane, charge, size, burndown } = admission;
      lane.settle(chargeAtSettlement(charge, size, { outputTokens: tokens, burndown }), now);
    }
    for (const tally of this.#tallies) this.#count(tally, outcome, tokens);
  }

  #count(tally: Tally, outcome: Outcome, tokens: number): void {
    if (this.#entered) tally.inFlight -= 1;
    tally.outputTokens += tokens;
    if (outcome === 'aborted') tally.aborted += 1;
    else if (outcome === 'broken') tally.broken += 1;
    else if (this.#status === 200) tally.ok += 1;
  }
}
