import { amountFor } from '../limits/demand.ts';
import type { Demand } from '../limits/limit.ts';
import type { Lease } from '../limits/limit-store.ts';
import type { RemoteLimitStore } from '../limits/remote-limit-store.ts';
import type { OutageLease } from './outage-lease.ts';
import { Remembered, type ChargeBatch } from './remembered.ts';

interface Settlement {
  readonly lease: Lease;
  readonly actual: Demand;
  readonly seq: number | undefined;
}

type InTime = <T>(work: () => Promise<T>) => Promise<T>;

/** Sent at once. They are pipelined on one connection. */
const AT_ONCE = 100;

/**
 * What the store has to be told when it is back. All of it may be said twice, so whatever was not confirmed is said again.
 * Settlements of its own leases are at most as many as there were requests in flight; the rest is sums.
 */
export class Backlog {
  readonly #remote: RemoteLimitStore;
  readonly #remembered = new Remembered();
  #settlements: Settlement[] = [];
  #batches: ChargeBatch[] = [];
  #sending: Promise<void> | undefined;

  constructor(remote: RemoteLimitStore) {
    this.#remote = remote;
  }

  get isEmpty(): boolean {
    return this.#settlements.length === 0 && this.#batches.length === 0 && this.#remembered.isEmpty;
  }

  settle(lease: Lease, actual: Demand, seq: number | undefined): void {
    this.#settlements.push({ lease, actual, seq });
  }

  /** Of a lease that the store never heard of. */
  charge({ group, acquiredAt }: OutageLease, actual: Demand, seq: number | undefined): void {
    for (const limit of group.limits) {
      this.#remembered.add(group.root, limit, { at: acquiredAt, amount: amountFor(limit, actual), seq });
    }
  }

  /** Says everything, also what comes meanwhile. `inTime` bounds each step. Rejects when one fails, and keeps what is not said. */
  send(inTime: InTime): Promise<void> {
    this.#sending ??= this.#sendAll(inTime).finally(() => (this.#sending = undefined));
    return this.#sending;
  }

  async #sendAll(inTime: InTime): Promise<void> {
    while (!this.isEmpty) {
      const some = this.#settlements.slice(0, AT_ONCE);
      await inTime(() =>
        Promise.all(some.map(async ({ lease, actual, seq }) => this.#remote.settle(lease, actual, seq))),
      );
      this.#settlements = this.#settlements.slice(some.length);
      this.#batches.push(...this.#remembered.takeAll());
      const [batch] = this.#batches;
      if (batch === undefined) continue;
      await inTime(() => this.#remote.charge(batch.root, batch.id, batch.charges));
      this.#batches.shift();
    }
  }
}
