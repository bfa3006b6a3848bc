import { equal } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Demand, Limit } from '../../limits/limit.ts';
import type { Acquisition, Lease, LimitGroup, LimitStore } from '../../limits/limit-store.ts';

export type StoreCase = (bench: StoreBench) => Promise<void>;
export type StoreCases = Readonly<Record<string, StoreCase>>;

/** Longer than any case takes. */
const TTL_MS = 60_000;

/** A store, and short words for what is done with it. */
export class StoreBench {
  readonly store: LimitStore;
  readonly wait: (ms: number) => Promise<void>;
  /** Of this case alone. */
  readonly root = `contract-${randomUUID()}`;

  constructor(store: LimitStore, wait: (ms: number) => Promise<void>) {
    this.store = store;
    this.wait = wait;
  }

  group(...limits: readonly Limit[]): LimitGroup {
    return this.store.group(this.root, limits);
  }

  async acquire(group: LimitGroup, demand: Partial<Demand> = {}, ttlMs = TTL_MS): Promise<Acquisition> {
    return this.store.acquire(group, demandOf(demand), { leaseId: randomUUID(), ttlMs });
  }

  /** The lease, where there has to be one. */
  async take(group: LimitGroup, demand: Partial<Demand> = {}, ttlMs = TTL_MS): Promise<Lease> {
    const answer = await this.acquire(group, demand, ttlMs);
    if (answer.type !== 'granted') throw new Error(`the demand was ${answer.type}`);
    return answer.lease;
  }

  /** What is in the way, where something has to be. */
  async refused(group: LimitGroup, demand: Partial<Demand> = {}): Promise<Extract<Acquisition, { type: 'refused' }>> {
    const answer = await this.acquire(group, demand);
    if (answer.type !== 'refused') throw new Error(`the demand was ${answer.type}`);
    return answer;
  }

  async settle(lease: Lease, actual: Partial<Demand> = {}, seq?: number): Promise<void> {
    await this.store.settle(lease, demandOf(actual), seq);
  }

  /** Checks what each limit of a group has counted. */
  async expectUsed(group: LimitGroup, ...used: readonly number[]): Promise<void> {
    const states = await this.store.read(group);
    equal(states.map((state) => state.used).join(), used.join(), 'what is counted');
  }
}

export function demandOf(amounts: Partial<Demand>): Demand {
  return { requests: 0, tokens: 0, cost: 0, ...amounts };
}

/** A limit on requests over an hour, unless it says otherwise. */
export function limitOf(limit: Partial<Limit> = {}): Limit {
  return {
    id: 'limit',
    unit: 'requests',
    max: 10,
    window: { type: 'sliding', ms: 3_600_000 },
    seeded: false,
    ...limit,
  };
}
