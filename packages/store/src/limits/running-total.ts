import type { Engine } from './engine.ts';
import type { Limit } from './limit.ts';

/** Counts what time does not take away: what is held now, or what was ever spent. */
export class RunningTotal implements Engine {
  #total = 0;

  check(amount: number, limit: Limit): number {
    return this.#total + amount <= limit.max ? 0 : Infinity;
  }

  take(amount: number): number {
    this.#total += amount;
    return 0;
  }

  adjust(_place: number, difference: number): void {
    this.#total += difference;
  }

  add(amount: number): void {
    this.#total += amount;
  }

  used(): number {
    return this.#total;
  }

  resetsAt(): undefined {
    return undefined;
  }
}
