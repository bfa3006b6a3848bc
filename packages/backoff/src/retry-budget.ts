import { wrongOption } from '@x/core';
import { checkNumber } from './check-option.ts';

export interface RetryBudgetOptions {
  /**
   * Retries that may fail before any success, and the most that successes can save up.
   * @default 10
   */
  burst?: number;
  /**
   * What one request adds; a retry that fails costs 1. So 0.1 allows one failed retry for ten requests.
   * @default 0.1
   */
  deposit?: number;
}

export const RETRY_BUDGET_DEFAULTS = { burst: 10, deposit: 0.1 } as const satisfies RetryBudgetOptions;

/** Counted in whole parts, because ten times 0.1 is less than 1 in floating point. */
const PARTS = 1_000_000;

/** Milliseconds between two probes of a target whose budget is empty. */
const PROBE_EVERY_MS = 1_000;

/**
 * A token bucket that all requests to one target share. It keeps an outage from multiplying traffic: whatever the target does,
 * at most `deposit * requests + burst` retries fail.
 *
 * A retry that succeeds gets its token back, and holds it until then, so the burst also bounds how many are made at once. What
 * requests that failed have added is kept apart for probes, one a second while all else is spent: without them a budget could
 * stay empty although the target is well again, as nobody would be left to succeed.
 */
export class RetryBudget {
  readonly #capacity: number;
  readonly #deposit: number;
  #parts: number;
  #probeParts = 0;
  #lastProbe = -Infinity;

  constructor(options: RetryBudgetOptions = {}) {
    const { burst, deposit } = { ...RETRY_BUDGET_DEFAULTS, ...options };
    checkRetryBudgetOptions('RetryBudget', options);
    this.#capacity = Math.round(burst * PARTS);
    this.#deposit = Math.round(deposit * PARTS);
    this.#parts = this.#capacity;
  }

  /** Retries that could be made right now, with a fraction, probes apart. */
  get balance(): number {
    return this.#parts / PARTS;
  }

  /** Whether it is as good as new: nothing spent, and nothing left over from failures. */
  get isFull(): boolean {
    return this.#parts === this.#capacity && this.#probeParts === 0;
  }

  /** Pays for one retry at `now` in epoch milliseconds. False, and nothing taken, when there is too little. */
  withdraw(now: number): boolean {
    if (this.#parts >= PARTS) {
      this.#parts -= PARTS;
      return true;
    }
    if (this.#probeParts < PARTS || now - this.#lastProbe < PROBE_EVERY_MS) return false;
    this.#probeParts -= PARTS;
    this.#lastProbe = now;
    return true;
  }

  /** Notes a request whose first call succeeded. What no longer fits melts down what was kept for probes. */
  succeeded(): void {
    const parts = this.#parts + this.#deposit;
    this.#parts = Math.min(this.#capacity, parts);
    this.#probeParts = Math.max(0, this.#probeParts - (parts - this.#parts));
  }

  /** Notes a request whose first call failed. */
  failed(): void {
    this.#probeParts += this.#deposit;
  }

  /** Gives back what a retry has cost, because it succeeded or was not made after all. */
  refund(): void {
    this.#parts = Math.min(this.#capacity, this.#parts + PARTS);
  }
}

export function checkRetryBudgetOptions(layer: string, options: RetryBudgetOptions): void {
  if (typeof options !== 'object' || options === null) throw wrongOption(layer, options, 'an object');
  const { burst, deposit } = { ...RETRY_BUDGET_DEFAULTS, ...options };
  checkNumber(`${layer}: burst`, burst, 0);
  checkNumber(`${layer}: deposit`, deposit, 0);
}
