import type { Demand, Limit } from '../limits/limit.ts';
import type { Lease, LimitGroup } from '../limits/limit-store.ts';

/** A group of the store that may be away. */
export class OutageGroup implements LimitGroup {
  readonly remote: LimitGroup;

  constructor(remote: LimitGroup) {
    this.remote = remote;
  }

  get root(): string {
    return this.remote.root;
  }

  get limits(): readonly Limit[] {
    return this.remote.limits;
  }
}

/** Who has the reservation: the remote store, surely or perhaps; this replica's share of it; or nobody. */
export interface LeaseHolders {
  readonly remote?: Lease | undefined;
  readonly local?: Lease | undefined;
}

export class OutageLease implements Lease {
  readonly id: string;
  readonly group: OutageGroup;
  readonly demand: Demand;
  readonly acquiredAt: number;
  readonly remote: Lease | undefined;
  readonly local: Lease | undefined;
  settled = false;

  constructor(group: OutageGroup, taken: Pick<Lease, 'id' | 'demand' | 'acquiredAt'>, holders: LeaseHolders) {
    this.id = taken.id;
    this.group = group;
    this.demand = taken.demand;
    this.acquiredAt = taken.acquiredAt;
    this.remote = holders.remote;
    this.local = holders.local;
  }
}
