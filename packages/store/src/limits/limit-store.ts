import type { Demand, Limit, LimitState } from './limit.ts';

/** Limits that are taken together: prepared once, used for every request of the same kind. Made by {@link LimitStore.group}. */
export interface LimitGroup {
  /** Everything under one root lives in one place: one slot of a cluster. */
  readonly root: string;
  readonly limits: readonly Limit[];
}

/** What was taken from all limits of a group, until it is settled or expires. */
export interface Lease {
  /** Unique; the ledger's rows carry it. */
  readonly id: string;
  readonly group: LimitGroup;
  readonly demand: Demand;
  /** Epoch milliseconds of the store. What is counted for it is counted at this time. */
  readonly acquiredAt: number;
}

export type Acquisition =
  | {
      readonly type: 'granted';
      readonly lease: Lease;
      readonly expired: readonly string[];
      /** Where each limit of the group stands with this demand in it. Known without asking again. */
      readonly states: () => readonly LimitState[];
    }
  | {
      readonly type: 'refused';
      /** The limit that is in the way for longest. */
      readonly limit: Limit;
      /** Milliseconds until the demand fits; undefined where it is larger than the whole limit, or nobody can tell. */
      readonly retryAfterMs: number | undefined;
      readonly expired: readonly string[];
      readonly states: () => readonly LimitState[];
    }
  /** Nothing was taken: these counters have to be told first what the ledger knows. */
  | { readonly type: 'unseeded'; readonly limits: readonly Limit[] };

/** What the ledger knows of a counter: amounts with the time they count at, and up to which of its rows. */
export interface Seed {
  readonly limit: Limit;
  readonly entries: readonly { readonly at: number; readonly amount: number }[];
  /** The sequence number of the last row that is in it. */
  readonly upTo: number;
}

/** A lease that expired before it was settled: its holder is dead, or it took too long. */
export interface ExpiredLease {
  readonly id: string;
  readonly demand: Demand;
}

/**
 * Counters that many requests, and many processes, take from at once. One step decides over all limits of a group: everything is
 * taken or nothing. Whatever may be remote returns a promise; the memory store answers at once, and callers await only what is one.
 */
export interface LimitStore {
  /** Epoch milliseconds by the clock that the counters go by. */
  now(): number;

  /** @throws TypeError that names the limit, for one that makes no sense */
  group(root: string, limits: readonly Limit[]): LimitGroup;

  /**
   * Takes the demand from every limit of the group, or from none. `expired` are leases of the same root that nobody settled:
   * whoever is told looks them up in the ledger and settles them.
   * @throws PipelineError `overloaded` with code `store_unavailable` where the store is away and the policy is to refuse
   */
  acquire(group: LimitGroup, demand: Demand, options: AcquireOptions): Acquisition | Promise<Acquisition>;

  /**
   * Replaces what was reserved by what it was in the end; a request that failed is settled to nothing. Once only: a lease that
   * is settled already is left alone, so that a settlement whose outcome is unknown may be repeated. One that was swept to nothing,
   * though its holder was only slow, is charged. `seq` is the sequence number of its row in the ledger, by which counters that
   * were lost and seeded meanwhile know whether they have it already; undefined where there is no row.
   */
  settle(lease: Lease, actual: Demand, seq: number | undefined): void | Promise<void>;

  /** Keeps leases from expiring. Those that are gone are left alone. */
  renew(leases: readonly Lease[]): void | Promise<void>;

  /** Settles a lease whose holder is gone, to nothing where `actual` is undefined. One that was renewed meanwhile is left alone. */
  sweep(root: string, id: string, actual: Demand | undefined, seq: number | undefined): void | Promise<void>;

  /**
   * Tells a counter what the ledger knows. The first one to tell it wins. What was settled since the ledger was read is kept: it is
   * recognised by its sequence number.
   */
  seed(group: LimitGroup, seeds: readonly Seed[]): void | Promise<void>;

  /** Where each limit of a group stands. */
  read(group: LimitGroup): readonly LimitState[] | Promise<readonly LimitState[]>;

  /** Sets a counter back to nothing. What is reserved now is not counted, also not when it is settled. */
  reset(group: LimitGroup, limit: Limit): void | Promise<void>;

  /** Leases of a root that are not settled, for operators. */
  leases(root: string): readonly ExpiredLease[] | Promise<readonly ExpiredLease[]>;

  /** Whether it can be reached, for `/ready` and metrics. */
  readonly health: StoreHealth;

  close(): void | Promise<void>;
}

export interface AcquireOptions {
  readonly leaseId: string;
  /** Milliseconds after which the lease expires unless it is renewed. */
  readonly ttlMs: number;
}

export interface StoreHealth {
  readonly ok: boolean;
  /** What is done meanwhile: nothing is limited, everything is refused, or each process enforces its share. */
  readonly policy: 'open' | 'closed' | 'share' | undefined;
  /** Since when, in epoch milliseconds. */
  readonly since: number;
}
