import type { Demand } from '../limits/limit.ts';
import type { AcquireOptions, Lease } from '../limits/limit-store.ts';
import type { Counter } from './counter.ts';
import type { MemoryGroup } from './memory-group.ts';

export class MemoryLease implements Lease {
  readonly id: string;
  readonly group: MemoryGroup;
  readonly demand: Demand;
  readonly acquiredAt: number;
  readonly ttlMs: number;
  readonly counters: readonly Counter[];
  /** Where each counter has it. */
  places: readonly number[] = [];
  /** Settled, or swept to what was spent: never again. */
  settled = false;
  /** Swept to nothing: what is counted for it is nothing, until its holder comes after all. */
  swept = false;
  expiresAt: number;
  /** When its expiry is told next. */
  dueAt = 0;

  constructor(
    { leaseId, ttlMs }: AcquireOptions,
    group: MemoryGroup,
    taken: Pick<MemoryLease, 'demand' | 'acquiredAt' | 'counters'>,
  ) {
    this.id = leaseId;
    this.ttlMs = ttlMs;
    this.group = group;
    this.demand = taken.demand;
    this.acquiredAt = taken.acquiredAt;
    this.counters = taken.counters;
    this.expiresAt = taken.acquiredAt + ttlMs;
  }
}
