import { formatTarget, type Target } from '@x/core';
import { RetryBudget, type RetryBudgetOptions } from './retry-budget.ts';

/**
 * One {@link RetryBudget} per target. A budget that is full says nothing, so only those of targets that failed are kept: while
 * nothing fails the map is empty and a success costs one comparison.
 */
export class TargetBudgets {
  readonly #budgets = new Map<string, RetryBudget>();
  readonly #options: RetryBudgetOptions;
  readonly #maxTargets: number;

  constructor(options: RetryBudgetOptions, maxTargets: number) {
    this.#options = options;
    this.#maxTargets = maxTargets;
  }

  get size(): number {
    return this.#budgets.size;
  }

  /** Requests without a target share one budget. */
  withdraw(target: Target | undefined, now: number): boolean {
    return this.#open(keyOf(target)).withdraw(now);
  }

  failed(target: Target | undefined): void {
    this.#open(keyOf(target)).failed();
  }

  succeeded(target: Target | undefined): void {
    if (this.#budgets.size > 0) this.#add(keyOf(target), 'succeeded');
  }

  refund(target: Target | undefined): void {
    this.#add(keyOf(target), 'refund');
  }

  /** Put back at the end each time: the map's first entry is then the one whose target failed longest ago. */
  #open(key: string): RetryBudget {
    const budget = this.#budgets.get(key) ?? new RetryBudget(this.#options);
    this.#budgets.delete(key);
    this.#budgets.set(key, budget);
    const oldest = this.#budgets.size > this.#maxTargets ? this.#budgets.keys().next().value : undefined;
    if (oldest !== undefined) this.#budgets.delete(oldest);
    return budget;
  }

  #add(key: string, what: 'succeeded' | 'refund'): void {
    const budget = this.#budgets.get(key);
    if (budget === undefined) return;
    budget[what]();
    if (budget.isFull) this.#budgets.delete(key);
  }
}

function keyOf(target: Target | undefined): string {
  return target === undefined ? '' : formatTarget(target);
}
