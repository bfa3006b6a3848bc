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
import { parseAcquisitions, parseStates } from './answers.ts';
import { parseRecord } from './lease-record.ts';
import { limitFields, limitsText } from './limit-fields.ts';
import { ACQUIRE } from './lua/acquire.ts';
import { SETTLE } from './lua/settle.ts';
import { CHARGE, READ, RECORDS, RENEW, RESET, SEED } from './lua/upkeep.ts';
import { checkPrefix, DEFAULT_PREFIX, type RedisLimitStoreOptions } from './options.ts';
import { RedisGroup, RootKeys, type GroupCalls } from './redis-group.ts';
import { NO_EPOCH, RedisLease, type SettleAsk } from './redis-lease.ts';
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
    return new RedisGroup(root, limits, { keys: new RootKeys(this.#prefix, root), calls: this.#calls });
  }

  async acquire(group: LimitGroup, demand: Demand, options: AcquireOptions): Promise<Acquisition> {
    checkDemand(demand);
    checkAcquire(options);
    return groupOf(group).acquisitions.add({ demand, options });
  }

  async settle(lease: Lease, actual: Demand, seq: number | undefined): Promise<void> {
    checkDemand(actual);
    const own = leaseOf(lease);
    return own.group.settlements.add({ lease: own, actual, seq });
  }

  readonly #calls: GroupCalls = {
    acquire: async (group, asks) => {
      const ids = asks.map(({ options }) => options.leaseId);
      const demands = asks.flatMap(({ demand, options }) => [
        options.leaseId,
        String(options.ttlMs),
        ...amountsOf(demand),
      ]);
      const answer = await this.#atItsTime(SCRIPTS.acquire, (now) => ({
        keys: group.leaseKeys(ids),
        args: [group.textAt(now), ...demands],
      }));
      return parseAcquisitions(answer, group, asks);
    },
    settle: async (group, asks) => {
      // The bounds of a calendar's period are part of what the limits were when they were taken from.
      const runs = [...grouped(asks, ({ lease }) => group.textAt(lease.acquiredAt))].map(([limits, some]) =>
        this.#runner.run(SCRIPTS.settle, {
          keys: group.leaseKeys(some.map(({ lease }) => lease.id)),
          args: ['settle', limits, ...some.flatMap(settlementOf)],
        }),
      );
      await Promise.all(runs);
    },
  };

  async renew(leases: readonly Lease[]): Promise<void> {
    // One script can renew those of one root that live as long.
    const batches = grouped(leases.map(leaseOf), ({ ttlMs, group }) => `${ttlMs} ${group.root}`);
    const runs = [...batches.values()].map(async (batch) => {
      const [{ group, ttlMs }] = batch as [RedisLease];
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
    const mode = actual === undefined ? 'sweep-to-nothing' : 'sweep';
    const amounts = amountsOf(actual ?? NOTHING);
    await this.#runner.run(SCRIPTS.settle, {
      keys: [keys.leases, keys.due, ...record.counters, keys.marker(id)],
      args: [mode, record.limits, id, NO_EPOCH, ...amounts, String(seq ?? 0), String(record.acquiredAt)],
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

function grouped<Item>(items: readonly Item[], keyOf: (item: Item) => string): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

function settlementOf({ lease: { id, epoch, acquiredAt }, actual, seq }: SettleAsk): string[] {
  return [id, epoch, ...amountsOf(actual), String(seq ?? 0), String(acquiredAt)];
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
