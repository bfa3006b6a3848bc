import { totalInput, totalOutput } from '@x/core';
import type { Demand, Ledger, LedgerRow, LimitStore } from '@x/store';
import type { LeaseKeeper } from './lease-keeper.ts';

export interface SweeperInit {
  readonly store: LimitStore;
  readonly ledger: Ledger;
  /** Knows the leases that this process holds. */
  readonly keeper: LeaseKeeper;
}

/** Settles leases whose holders are gone: to what the ledger says was answered, or to nothing. */
export class Sweeper {
  readonly #init: SweeperInit;
  readonly #sweeping = new Set<string>();

  constructor(init: SweeperInit) {
    this.#init = init;
  }

  /** Leaves what cannot be swept now to whoever is told of it next. */
  async sweep(root: string, expired: readonly string[]): Promise<void> {
    const { ledger, store, keeper } = this.#init;
    // A lease of ours has expired because the process stood still; it is renewed with the others.
    const ids = expired.filter((id) => !this.#sweeping.has(id) && !keeper.holds(id));
    if (ids.length === 0) return;
    for (const id of ids) this.#sweeping.add(id);
    try {
      const rows = new Map((await ledger.answersOf(ids)).map((row) => [row.leaseId, row]));
      for (const id of ids) {
        const row = rows.get(id);
        await store.sweep(root, id, row && actualOf(row), row?.seq);
      }
    } finally {
      for (const id of ids) this.#sweeping.delete(id);
    }
  }
}

/** What an answer took in the end. */
export function actualOf({ usage, cost }: Pick<LedgerRow, 'usage' | 'cost'>): Demand {
  return { requests: 1, tokens: totalInput(usage) + totalOutput(usage), cost };
}
