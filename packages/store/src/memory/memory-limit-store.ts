import { systemClock, type Clock } from '@x/core';
import { checkLimits } from '../limits/check-limits.ts';
import { amountFor, checkAcquire, checkDemand, NOTHING } from '../limits/demand.ts';
import type { Demand, Limit, LimitState } from '../limits/limit.ts';
import type {
  AcquireOptions,
  Acquisition,
  ExpiredLease,
  Lease,
  LimitGroup,
  LimitStore,
  Seed,
  StoreHealth,
} from '../limits/limit-store.ts';
import type { Counter } from './counter.ts';
import { CounterTable } from './counter-table.ts';
import { LeaseTable } from './lease-table.ts';
import { MemoryGroup } from './memory-group.ts';
import { MemoryLease } from './memory-lease.ts';
import type { MemoryLimitStoreOptions } from './options.ts';

/** A {@link LimitStore} that answers at once. */
export interface MemoryLimitStore extends LimitStore {
  acquire(group: LimitGroup, demand: Demand, options: AcquireOptions): Acquisition;
  settle(lease: Lease, actual: Demand, seq: number | undefined): void;
  renew(leases: readonly Lease[]): void;
  sweep(root: string, id: string, actual: Demand | undefined, seq: number | undefined): void;
  seed(group: LimitGroup, seeds: readonly Seed[]): void;
  read(group: LimitGroup): readonly LimitState[];
  reset(group: LimitGroup, limit: Limit): void;
  leases(root: string): readonly ExpiredLease[];
  close(): void;
  /** Counters that are kept. */
  readonly size: number;
}

/** Limits within this process. What it counts is gone when the process ends, but for what the ledger knows. */
export function createMemoryLimitStore(options: MemoryLimitStoreOptions = {}): MemoryLimitStore {
  return new Store(options.clock ?? systemClock);
}

class Store implements MemoryLimitStore {
  readonly health: StoreHealth;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #counters = new CounterTable();
  readonly #leases = new LeaseTable();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
    this.health = { ok: true, policy: undefined, since: this.now() };
  }

  get size(): number {
    return this.#counters.size;
  }

  now(): number {
    return Math.floor(this.#clock.now());
  }

  group(root: string, limits: readonly Limit[]): LimitGroup {
    checkLimits(limits);
    return new MemoryGroup(root, limits, this.#counters);
  }

  acquire(group: LimitGroup, demand: Demand, options: AcquireOptions): Acquisition {
    checkDemand(demand);
    checkAcquire(options);
    const own = groupOf(group);
    const now = this.now();
    const counters = own.counters(now);
    for (const counter of counters) if (counter.unseeded) return unseededOf(own, counters);

    const expired = this.#leases.expired(own.root, now);
    const states = () => own.states(counters, now);
    const obstacle = own.check(counters, demand, now);
    if (obstacle !== undefined) return { type: 'refused', ...obstacle, expired, states };

    const lease = new MemoryLease(options, own, { demand, acquiredAt: now, counters });
    lease.places = own.take(counters, demand, now);
    this.#leases.add(lease, now);
    this.#counters.tidy(now);
    return { type: 'granted', lease, expired, states };
  }

  settle(lease: Lease, actual: Demand, seq: number | undefined): void {
    checkDemand(actual);
    const own = leaseOf(lease);
    if (own.settled) return;
    own.settled = true;
    this.#leases.delete(own);
    this.#correct(own, actual, seq);
  }

  renew(leases: readonly Lease[]): void {
    const now = this.now();
    for (const lease of leases.map(leaseOf)) {
      if (lease.settled || lease.swept) continue;
      lease.expiresAt = now + lease.ttlMs;
      this.#leases.touch(lease, now);
    }
  }

  sweep(root: string, id: string, actual: Demand | undefined, seq: number | undefined): void {
    const lease = this.#leases.find(root, id);
    if (lease === undefined || lease.expiresAt > this.now()) return;
    if (actual !== undefined) return this.settle(lease, actual, seq);
    this.#leases.delete(lease);
    this.#correct(lease, NOTHING, undefined);
    lease.swept = true;
  }

  seed(group: LimitGroup, seeds: readonly Seed[]): void {
    const now = this.now();
    for (const seed of seeds) this.#counters.get(group.root, seed.limit, now).seed(seed, now);
  }

  read(group: LimitGroup): readonly LimitState[] {
    const now = this.now();
    const own = groupOf(group);
    return own.states(own.counters(now), now);
  }

  reset(group: LimitGroup, limit: Limit): void {
    this.#counters.reset(group.root, limit, this.now());
  }

  leases(root: string): readonly ExpiredLease[] {
    return this.#leases.list(root).map(({ id, demand }) => ({ id, demand }));
  }

  close(): void {}

  /** Makes of what is counted for a lease what it is in the end. */
  #correct(lease: MemoryLease, actual: Demand, seq: number | undefined): void {
    const counted = lease.swept ? NOTHING : lease.demand;
    const now = this.now();
    for (const [index, limit] of lease.group.limits.entries()) {
      const counter = lease.counters[index];
      const amount = limit.window.type === 'held' ? 0 : amountFor(limit, actual);
      const before = limit.window.type === 'held' && lease.swept ? 0 : amountFor(limit, counted);
      if (counter?.dropped === false) counter.engine.adjust(lease.places[index] ?? 0, amount - before, now);
      else this.#counters.get(lease.group.root, limit, now).charge({ at: lease.acquiredAt, amount, seq }, now);
    }
  }
}

function unseededOf({ limits }: MemoryGroup, counters: readonly Counter[]): Acquisition {
  return { type: 'unseeded', limits: limits.filter((_, index) => counters[index]?.unseeded) };
}

function groupOf(group: LimitGroup): MemoryGroup {
  if (group instanceof MemoryGroup) return group;
  throw new TypeError('group: made by another store');
}

function leaseOf(lease: Lease): MemoryLease {
  if (lease instanceof MemoryLease) return lease;
  throw new TypeError('lease: made by another store');
}
