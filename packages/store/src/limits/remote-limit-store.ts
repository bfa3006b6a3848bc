import type { Demand, Limit } from './limit.ts';
import type { AcquireOptions, Lease, LimitGroup, LimitStore } from './limit-store.ts';

/** What was spent from one counter without a reservation. */
export interface Charge {
  readonly limit: Limit;
  /** Epoch milliseconds at which it counts. */
  readonly at: number;
  readonly amount: number;
  /** The rows of the ledger that it comes from, by sequence number: a counter whose seed has them does not count them again. 0 for none. */
  readonly first: number;
  readonly last: number;
}

/** A store that may be away, and what has to be done about it afterwards. */
export interface RemoteLimitStore extends LimitStore {
  /** Resolves when it answers. */
  ping(): Promise<void>;

  /** A lease that may have been granted, or not: nobody heard. Settled like any other; what it did not reserve is charged then. */
  doubtful(
    group: LimitGroup,
    taken: { readonly demand: Demand; readonly acquiredAt: number },
    options: AcquireOptions,
  ): Lease;

  /** Counts all of it, once for each `id`, however often it is said. */
  charge(root: string, id: string, charges: readonly Charge[]): Promise<void>;
}
