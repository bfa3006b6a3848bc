import { UNITS } from '../limits/demand.ts';
import type { Demand, Limit, LimitState } from '../limits/limit.ts';
import type { LimitGroup } from '../limits/limit-store.ts';
import type { Counter } from './counter.ts';
import type { CounterTable } from './counter-table.ts';

/** Where a demand does not fit. */
export interface Obstacle {
  readonly limit: Limit;
  readonly retryAfterMs: number | undefined;
}

/** A group with its counters looked up. They are made with the first demand: a key that is never used costs nothing here. */
export class MemoryGroup implements LimitGroup {
  readonly root: string;
  readonly limits: readonly Limit[];
  readonly #table: CounterTable;
  readonly #units: readonly number[];
  #counters: readonly Counter[] = [];

  constructor(root: string, limits: readonly Limit[], table: CounterTable) {
    this.root = root;
    this.limits = limits;
    this.#table = table;
    this.#units = limits.map((limit) => UNITS.indexOf(limit.unit));
  }

  /** One for each limit. The array never changes: leases keep it. */
  counters(now: number): readonly Counter[] {
    let fresh = this.#counters.length === this.limits.length;
    for (const counter of this.#counters) {
      if (counter.dropped) fresh = false;
      counter.touchedAt = now;
    }
    if (!fresh) this.#counters = this.limits.map((limit) => this.#table.get(this.root, limit, now));
    return this.#counters;
  }

  /** The limit that is in the way for longest, if any is. */
  check(counters: readonly Counter[], demand: Demand, now: number): Obstacle | undefined {
    let obstacle: Obstacle | undefined;
    let longest = -1;
    this.#each(counters, demand, (counter, limit, amount) => {
      const wait = counter.engine.check(amount, limit, now);
      if (wait === 0) return;
      // When something that is held comes back, nobody knows: any other wait says more.
      const rank = limit.window.type === 'held' && amount <= limit.max ? 0 : wait;
      if (rank <= longest) return;
      longest = rank;
      obstacle = { limit, retryAfterMs: wait === Infinity ? undefined : wait };
    });
    return obstacle;
  }

  /** Takes the demand from all counters. Returns where each has it. */
  take(counters: readonly Counter[], demand: Demand, now: number): number[] {
    const places: number[] = [];
    this.#each(counters, demand, (counter, limit, amount) => {
      places.push(counter.engine.take(amount, limit, now));
    });
    return places;
  }

  states(counters: readonly Counter[], now: number): LimitState[] {
    return counters.map((counter, index) => counter.state(this.limits[index] ?? counter.limit, now));
  }

  #each(
    counters: readonly Counter[],
    { requests, tokens, cost }: Demand,
    visit: (counter: Counter, limit: Limit, amount: number) => void,
  ): void {
    const amounts = [requests, tokens, cost, 1];
    for (let index = 0; index < counters.length; index += 1) {
      const counter = counters[index];
      const limit = this.limits[index];
      if (counter !== undefined && limit !== undefined) visit(counter, limit, amounts[this.#units[index] ?? 0] ?? 0);
    }
  }
}
