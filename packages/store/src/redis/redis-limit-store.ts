import { systemClock } from '@x/core';
import { checkLimits } from '../limits/check-limits.ts';
import { checkAcquire, checkDemand, NOTHING } from '../limits/demand.ts';
import type { Demand, Limit, LimitState } from '../limits/limit.ts';
import type {
  AcquireOptions,
  Acquisition,
  ExpiredLease,
  Lease,
  LimitGroup,
  Seed,
  StoreHealth,
} from '../limits/limit-store.ts';
import type { Charge, RemoteLimitStore } from '../limits/remote-limit-store.ts';
import { storeUnavailable } from '../limits/store-unavailable.ts';
import { parseAcquisition, parseStates } from './answers.ts';
import { parseRecord } from './lease-record.ts';
import { limitFields, limitsText } from './limit-fields.ts';
import { ACQUIRE } from './lua/acquire.ts';
import { SETTLE } from './lua/settle.ts';
import { CHARGE, READ, RECORDS, RENEW, RESET, SEED } from './lua/upkeep.ts';
import { checkPrefix, DEFAULT_PREFIX, type RedisLimitStoreOptions } from './options.ts';
import { RedisGroup, RootKeys } from './redis-group.ts';
import { NO_EPOCH, RedisLease } from './redis-lease.ts';
import { script, ScriptRunner, type Call, type Script } from './scripts.ts';
import { ServerTime } from './server-time.ts';

const SCRIPTS = {
  acquire: script(ACQUIRE),
  settle: script(SETTLE),
  seed: script(SEED),
  charge: script(CHARGE),
  renew: script(RENEW),
  read: script(READ),
  reset: script(RESET),
  records: script(RECORDS),
};

/** A period ends while a demand is on its way once in a while, and not twice in a row. */
const TRIES = 3;

/**
 * Limits in Redis or Valkey: one script, in one round trip, over all limits of a group. The client stays its maker's to close.
 * Everything rejects with a PipelineError `overloaded`, code `store_unavailable`, when Redis cannot do it; see `withOutagePolicy`.
 */
export function createRedisLimitStore(options: RedisLimitStoreOptions): RemoteLimitStore {
  const { prefix = DEFAULT_PREFIX } = options;
  checkPrefix(prefix);
  return new Store({ ...options, prefix });
}

class Store implements RemoteLimitStore {
  readonly #prefix: string;
  readonly #time: ServerTime;
  readonly #runner: ScriptRunner;
  #health: StoreHealth;

  constructor(options: RedisLimitStoreOptions & { readonly prefix: string }) {
    this.#prefix = options.prefix;
    this.#time = new ServerTime(options.clock ?? systemClock);
    this.#health = { ok: true, policy: undefined, since: this.now() };
    this.#runner = new ScriptRunner(options.client, this.#time, (ok) => {
      if (ok !== this.#health.ok) this.#health = { ok, policy: undefined, since: this.now() };
    });
  }

  get health(): StoreHealth {
    return this.#health;
  }

  now(): number {
    return this.#time.now();
  }

  group(root: string, limits: readonly Limit[]): LimitGroup {
    checkLimits(limits);
    return new RedisGroup(root, limits, new RootKeys(this.#prefix, root));
  }

  async acquire(group: LimitGroup, demand: Demand, options: AcquireOptions): Promise<Acquisition> {
    checkDemand(demand);
    checkAcquire(options);
    const own = groupOf(group);
    const { leaseId, ttlMs } = options;
    const amounts = [leaseId, String(ttlMs), ...amountsOf(demand)];
    const answer = await this.#atItsTime(SCRIPTS.acquire, (now) => ({
      keys: own.leaseKeys(leaseId),
      args: [...amounts, own.textAt(now)],
    }));
    return parseAcquisition(answer, own, demand, options);
  }

  async settle(lease: Lease, actual: Demand, seq: number | undefined): Promise<void> {
    checkDemand(actual);
    const { id, group, epoch, acquiredAt } = leaseOf(lease);
    const args = [id, epoch, ...amountsOf(actual), String(seq ?? 0), String(acquiredAt)];
    await this.#runner.run(SCRIPTS.settle, {
      keys: group.leaseKeys(id),
      args: [...args, group.textAt(acquiredAt), 'settle'],
    });
  }

  async renew(leases: readonly Lease[]): Promise<void> {
    const runs = batchesOf(leases.map(leaseOf)).map(async (batch) => {
      const [{ group, ttlMs }] = batch;
      const args = [String(ttlMs), ...batch.map(({ id }) => id)];
      await this.#runner.run(SCRIPTS.renew, { keys: [group.keys.due], args });
    });
    await Promise.all(runs);
  }

  async sweep(root: string, id: string, actual: Demand | undefined, seq: number | undefined): Promise<void> {
    if (actual !== undefined) checkDemand(actual);
    const keys = new RootKeys(this.#prefix, root);
    const [, , text = ''] = await this.#runner.run(SCRIPTS.records, { keys: [keys.leases], args: [id] });
    const record = parseRecord(String(text));
    if (record === undefined) return;
    const args = [id, NO_EPOCH, ...amountsOf(actual ?? NOTHING), String(seq ?? 0), String(record.acquiredAt)];
    await this.#runner.run(SCRIPTS.settle, {
      keys: [keys.leases, keys.due, keys.marker(id), ...record.counters],
      args: [...args, record.limits, actual === undefined ? 'sweep-to-nothing' : 'sweep'],
    });
  }

  async seed(group: LimitGroup, seeds: readonly Seed[]): Promise<void> {
    const own = groupOf(group);
    const known = seeds.flatMap(({ upTo, entries }) => [
      upTo,
      entries.length,
      ...entries.flatMap(({ at, amount }) => [at, amount]),
    ]);
    await this.#atItsTime(SCRIPTS.seed, (now) => ({
      keys: seeds.map(({ limit }) => own.keys.counter(limit)),
      args: [limitsText(seeds.map(({ limit }) => limitFields(limit, now))), ...known.map(String)],
    }));
  }

  async read(group: LimitGroup): Promise<readonly LimitState[]> {
    const own = groupOf(group);
    const answer = await this.#atItsTime(SCRIPTS.read, (now) => ({
      keys: [own.keys.leases, ...own.counters],
      args: [own.textAt(now)],
    }));
    return parseStates(String(answer[2]), own.limits);
  }

  async reset(group: LimitGroup, limit: Limit): Promise<void> {
    const { keys } = groupOf(group);
    await this.#runner.run(SCRIPTS.reset, {
      keys: [keys.leases, keys.counter(limit)],
      args: [limitsText([limitFields(limit, this.now())])],
    });
  }

  async leases(root: string): Promise<readonly ExpiredLease[]> {
    const { leases } = new RootKeys(this.#prefix, root);
    const [, ...all] = await this.#runner.run(SCRIPTS.records, { keys: [leases], args: [] });
    const found: ExpiredLease[] = [];
    for (let index = 0; index < all.length; index += 2) {
      const id = String(all[index]);
      const record = id === '@' ? undefined : parseRecord(String(all[index + 1]));
      if (record !== undefined) found.push({ id, demand: record.demand });
    }
    return found;
  }

  async ping(): Promise<void> {
    await this.#runner.run(SCRIPTS.renew, { keys: [new RootKeys(this.#prefix, '').due], args: ['0'] });
  }

  doubtful(group: LimitGroup, taken: Pick<Lease, 'demand' | 'acquiredAt'>, options: AcquireOptions): Lease {
    return new RedisLease(groupOf(group), options, { ...taken, epoch: NO_EPOCH });
  }

  async charge(root: string, id: string, charges: readonly Charge[]): Promise<void> {
    const keys = new RootKeys(this.#prefix, root);
    const numbers = charges.flatMap(({ at, amount, first, last }) => [at, amount, first, last]);
    await this.#runner.run(SCRIPTS.charge, {
      keys: [keys.marker(id), ...charges.map(({ limit }) => keys.counter(limit))],
      args: [limitsText(charges.map(({ limit, at }) => limitFields(limit, at))), ...numbers.map(String)],
    });
  }

  close(): void {}

  /** Runs a script that needs the bounds of periods, again where the server's time lies in another one. */
  async #atItsTime(script: Script, callAt: (now: number) => Call): Promise<readonly unknown[]> {
    let now = this.now();
    for (let tries = 0; tries < TRIES; tries += 1) {
      const answer = await this.#runner.run(script, callAt(now), 1);
      if (answer[0] !== 'stale') return answer;
      now = Number(answer[1]);
    }
    throw storeUnavailable('its time and the calendar do not fit together');
  }
}

/** Leases that one script can renew: those of one root that live as long. */
function batchesOf(leases: readonly RedisLease[]): [RedisLease, ...RedisLease[]][] {
  const batches = new Map<string, [RedisLease, ...RedisLease[]]>();
  for (const lease of leases) {
    const key = `${lease.ttlMs} ${lease.group.root}`;
    const batch = batches.get(key);
    if (batch === undefined) batches.set(key, [lease]);
    else batch.push(lease);
  }
  return [...batches.values()];
}

function amountsOf({ requests, tokens, cost }: Demand): string[] {
  return [String(requests), String(tokens), String(cost)];
}

function groupOf(group: LimitGroup): RedisGroup {
  if (group instanceof RedisGroup) return group;
  throw new TypeError('group: made by another store');
}

function leaseOf(lease: Lease): RedisLease {
  if (lease instanceof RedisLease) return lease;
  throw new TypeError('lease: made by another store');
}
