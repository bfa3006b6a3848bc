import type { PipelineError } from '@x/core';
import { checkAcquire, checkDemand, NOTHING } from '../limits/demand.ts';
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
import type { RemoteLimitStore } from '../limits/remote-limit-store.ts';
import { isStoreUnavailable, storeUnavailable } from '../limits/store-unavailable.ts';
import { Backlog } from './backlog.ts';
import { LocalShare } from './local-share.ts';
import { resolveOutageOptions, type OutageOptions } from './options.ts';
import { OutageGroup, OutageLease, type LeaseHolders } from './outage-lease.ts';
import { Reach } from './reach.ts';

/**
 * A remote store that may be away. One that does not answer in time counts as away, and from then on no request waits for it, until a
 * probe finds it again and it has been told what was spent meanwhile, each amount once.
 */
export function withOutagePolicy(remote: RemoteLimitStore, options: OutageOptions): LimitStore {
  return new Store(remote, resolveOutageOptions(options));
}

class Store implements LimitStore {
  readonly #remote: RemoteLimitStore;
  readonly #options: Required<OutageOptions>;
  readonly #reach: Reach;
  readonly #backlog: Backlog;
  /** Demands of which nobody heard whether they were granted, and which ask again with the same id. */
  readonly #unheard = new Map<string, Lease>();
  #share: LocalShare | undefined;

  constructor(remote: RemoteLimitStore, options: Required<OutageOptions>) {
    this.#remote = remote;
    this.#options = options;
    this.#backlog = new Backlog(remote);
    this.#reach = new Reach({ ...options, comeBack: () => this.#comeBack() });
  }

  get health(): StoreHealth {
    const { ok, since } = this.#reach;
    return { ok, policy: ok ? undefined : this.#options.policy, since };
  }

  now(): number {
    return this.#remote.now();
  }

  group(root: string, limits: readonly Limit[]): LimitGroup {
    return new OutageGroup(this.#remote.group(root, limits));
  }

  async acquire(group: LimitGroup, demand: Demand, options: AcquireOptions): Promise<Acquisition> {
    checkDemand(demand);
    checkAcquire(options);
    const own = groupOf(group);
    if (!this.#reach.ok) return this.#meanwhile(own, demand, options);
    const acquiredAt = this.now();
    try {
      const answer = await this.#reach.call(() => this.#remote.acquire(own.remote, demand, options));
      return answer.type === 'granted' ? granted(own, answer, { remote: answer.lease }) : answer;
    } catch (error) {
      if (!isStoreUnavailable(error)) throw error;
      this.#unheard.set(options.leaseId, this.#remote.doubtful(own.remote, { demand, acquiredAt }, options));
      return this.#meanwhile(own, demand, options);
    }
  }

  async settle(lease: Lease, actual: Demand, seq: number | undefined): Promise<void> {
    checkDemand(actual);
    const own = leaseOf(lease);
    if (own.settled) return;
    own.settled = true;
    const { remote, local } = own;
    if (local !== undefined) this.#shares.get(own)?.settle(local, actual);
    if (remote === undefined) {
      this.#backlog.charge(own, actual, seq);
      await this.#unlessAway(() => this.#backlog.send((step) => this.#reach.call(step)));
      return;
    }
    const done = await this.#try(() => this.#remote.settle(remote, actual, seq));
    if (!done) this.#backlog.settle(remote, actual, seq);
  }

  async renew(leases: readonly Lease[]): Promise<void> {
    const own = leases.map(leaseOf).filter(({ settled }) => !settled);
    for (const lease of own) if (lease.local !== undefined) this.#shares.get(lease)?.renew(lease.local);
    const remote = own.map((lease) => lease.remote).filter((lease) => lease !== undefined);
    if (remote.length > 0) await this.#try(() => this.#remote.renew(remote));
  }

  /** What cannot be swept now is told of again. */
  async sweep(root: string, id: string, actual: Demand | undefined, seq: number | undefined): Promise<void> {
    await this.#try(() => this.#remote.sweep(root, id, actual, seq));
  }

  async seed(group: LimitGroup, seeds: readonly Seed[]): Promise<void> {
    const own = groupOf(group);
    if (await this.#try(() => this.#remote.seed(own.remote, seeds))) return;
    if (this.#options.policy === 'share') this.#localShare().seed(own, seeds);
  }

  async read(group: LimitGroup): Promise<readonly LimitState[]> {
    const own = groupOf(group);
    let states: readonly LimitState[] = unknownStates(own);
    const done = await this.#try(async () => {
      states = await this.#remote.read(own.remote);
    });
    if (done) return states;
    if (this.#options.policy === 'closed') throw this.#unavailable();
    return this.#options.policy === 'share' ? this.#localShare().read(own) : states;
  }

  async reset(group: LimitGroup, limit: Limit): Promise<void> {
    const done = await this.#try(() => this.#remote.reset(groupOf(group).remote, limit));
    if (!done) throw this.#unavailable();
  }

  async leases(root: string): Promise<readonly ExpiredLease[]> {
    let leases: readonly ExpiredLease[] = [];
    const done = await this.#try(async () => {
      leases = await this.#remote.leases(root);
    });
    if (!done) throw this.#unavailable();
    return leases;
  }

  async close(): Promise<void> {
    this.#reach.close();
    await this.#remote.close();
  }

  /** What the policy says, for as long as the store is away. */
  #meanwhile(group: OutageGroup, demand: Demand, options: AcquireOptions): Acquisition {
    const { policy } = this.#options;
    const remote = this.#unheard.get(options.leaseId);
    if (policy === 'share') {
      const share = this.#localShare();
      const answer = share.acquire(group, demand, options);
      if (answer.type === 'unseeded') return answer;
      this.#unheard.delete(options.leaseId);
      if (answer.type === 'granted') {
        const lease = granted(group, answer, { local: answer.lease, remote });
        this.#shares.set(lease.lease, share);
        return lease;
      }
      if (remote !== undefined) this.#backlog.settle(remote, NOTHING, undefined);
      return answer;
    }
    this.#unheard.delete(options.leaseId);
    if (policy === 'closed') {
      if (remote !== undefined) this.#backlog.settle(remote, NOTHING, undefined);
      throw this.#unavailable();
    }
    const lease = new OutageLease(group, { id: options.leaseId, demand, acquiredAt: this.now() }, { remote });
    return { type: 'granted', lease, expired: [], states: () => unknownStates(group) };
  }

  /** Whose share a lease is of: it may be settled in a later outage. */
  readonly #shares = new WeakMap<Lease, LocalShare>();

  #localShare(): LocalShare {
    this.#share ??= new LocalShare(this.#options.replicas, () => this.now());
    return this.#share;
  }

  async #comeBack(): Promise<void> {
    const inTime = <T>(work: () => Promise<T>) => this.#reach.inTime(work);
    await inTime(() => this.#remote.ping());
    await this.#backlog.send(inTime);
    this.#share = undefined;
    this.#unheard.clear();
  }

  /** Whether the store did it, in time. */
  #try(work: () => void | Promise<void>): Promise<boolean> {
    return this.#unlessAway(() => this.#reach.call(work));
  }

  /** Whether it was done. A store that is away is not asked. */
  async #unlessAway(work: () => Promise<void>): Promise<boolean> {
    if (!this.#reach.ok) return false;
    try {
      await work();
      return true;
    } catch (error) {
      if (isStoreUnavailable(error)) return false;
      throw error;
    }
  }

  #unavailable(): PipelineError {
    return storeUnavailable('refused by the policy `closed` or for want of an answer', {
      retryAfterMs: this.#reach.retryAfterMs,
    });
  }
}

type Granted = Extract<Acquisition, { type: 'granted' }>;

function granted(group: OutageGroup, answer: Granted, holders: LeaseHolders): Granted {
  return { ...answer, lease: new OutageLease(group, answer.lease, holders) };
}

/** Where the limits stand is not known. */
function unknownStates({ limits }: OutageGroup): LimitState[] {
  return limits.map((limit) => ({ limit, used: 0, resetsAt: undefined }));
}

function groupOf(group: LimitGroup): OutageGroup {
  if (group instanceof OutageGroup) return group;
  throw new TypeError('group: made by another store');
}

function leaseOf(lease: Lease): OutageLease {
  if (lease instanceof OutageLease) return lease;
  throw new TypeError('lease: made by another store');
}
