import type { Demand } from '../limits/limit.ts';
import type { AcquireOptions, Lease } from '../limits/limit-store.ts';
import type { RedisGroup } from './redis-group.ts';

/** What is to be made of a lease. */
export interface SettleAsk {
  readonly lease: RedisLease;
  readonly actual: Demand;
  /** Of the ledger. */
  readonly seq: number | undefined;
}

/** For a lease that may be there or not. No epoch is called so. */
export const NO_EPOCH = '-';

export class RedisLease implements Lease {
  readonly id: string;
  readonly ttlMs: number;
  readonly group: RedisGroup;
  readonly demand: Demand;
  readonly acquiredAt: number;
  /** Of the root, when it was granted: another one since means that everything was lost. */
  readonly epoch: string;

  constructor(
    group: RedisGroup,
    { leaseId, ttlMs }: AcquireOptions,
    taken: Pick<RedisLease, 'demand' | 'acquiredAt' | 'epoch'>,
  ) {
    this.id = leaseId;
    this.ttlMs = ttlMs;
    this.group = group;
    this.demand = taken.demand;
    this.acquiredAt = taken.acquiredAt;
    this.epoch = taken.epoch;
  }
}
