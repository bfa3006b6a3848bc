import { createEngine } from '../limits/create-engine.ts';
import type { Engine } from '../limits/engine.ts';
import type { LimitState, Limit } from '../limits/limit.ts';
import type { Seed } from '../limits/limit-store.ts';

interface Settled {
  readonly seq: number;
  readonly at: number;
  readonly amount: number;
}

/** Longer than a seed is on its way from the ledger: what was settled before is in every seed that comes after it. */
const SEED_IN_FLIGHT_MS = 60_000;

/** A counter that nobody asks for is kept so long, empty as it is: one that is seeded would have to be seeded again. */
const IDLE_MS = 600_000;

/** One counter of one root, and which rows of the ledger are in it. */
export class Counter {
  readonly engine: Engine;
  readonly limit: Limit;
  /** It was taken out of the table, or set back: whoever holds it has to look it up again. What was reserved in it is gone. */
  dropped = false;
  /** When it was last asked for. */
  touchedAt: number;
  /** The last row of the ledger that was in its seed; -1 where there was none. */
  #upTo = -1;
  /** What was reserved before is not counted. */
  #resetAt = -Infinity;
  /** What was settled while it was not seeded. */
  #settled: Settled[] = [];

  constructor(limit: Limit, now: number) {
    this.limit = limit;
    this.engine = createEngine(limit.window);
    this.touchedAt = now;
  }

  /** Whether it has to be told first what the ledger knows. */
  get unseeded(): boolean {
    return this.limit.seeded && this.#upTo < 0;
  }

  /** Its successor, with nothing in it. */
  reset(now: number): Counter {
    const next = new Counter(this.limit, now);
    next.#upTo = this.#upTo;
    next.#resetAt = now;
    return next;
  }

  seed({ entries, upTo }: Seed, now: number): void {
    if (!this.unseeded) return;
    const later = this.#settled.filter(({ seq }) => seq > upTo);
    for (const { at, amount } of [...entries, ...later]) {
      if (at >= this.#resetAt) this.engine.add(amount, this.limit, at, now);
    }
    this.#settled = [];
    this.#upTo = Math.max(0, upTo);
  }

  /** Counts what was spent under a lease that this counter does not have, unless its seed has it. */
  charge(spent: { readonly at: number; readonly amount: number; readonly seq: number | undefined }, now: number): void {
    const { at, amount, seq = 0 } = spent;
    if (this.limit.window.type === 'held' || at < this.#resetAt) return;
    if (this.unseeded) this.#settled.push({ seq, at, amount });
    else if (seq > this.#upTo) this.engine.add(amount, this.limit, at, now);
  }

  state(limit: Limit, now: number): LimitState {
    return { limit, used: this.engine.used(limit, now), resetsAt: this.engine.resetsAt(limit, now) };
  }

  /** Whether forgetting it makes no difference. */
  isIdle(now: number): boolean {
    const idleMs = now - this.touchedAt;
    if (idleMs < IDLE_MS || this.engine.used(this.limit, now) !== 0) return false;
    return this.#settled.length === 0 || idleMs > SEED_IN_FLIGHT_MS;
  }
}
