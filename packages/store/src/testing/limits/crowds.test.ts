import { createClient } from '@redis/client';
import { systemClock } from '@x/core';
import { seededRandom, VirtualClock } from '@x/core/testing';
import { needs, startRedis, type RedisServer } from '@x/test-servers';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Demand } from '../../limits/limit.ts';
import type { Acquisition, LimitStore } from '../../limits/limit-store.ts';
import { createMemoryLimitStore } from '../../memory/index.ts';
import { createRedisLimitStore, fromNodeRedis } from '../../redis/index.ts';
import { demandOf, limitOf } from './store-bench.ts';

/** A real server, on a machine that is busy with other tests. */
vi.setConfig({ testTimeout: 60_000 });

const BUDGET = limitOf({ id: 'budget', unit: 'cost', max: 10_000, window: { type: 'forever' } });
const PER_MINUTE = limitOf({ id: 'rate', max: 1_000, window: { type: 'sliding', ms: 60_000 } });
const HELD = limitOf({ id: 'held', unit: 'concurrent', max: 100_000, window: { type: 'held' } });
const LEVELS = ['customer', 'team', 'key'];

/** Many requests over several stores that are one, as gateways on one Redis are. */
class Crowd {
  readonly #root: string;
  readonly #stores: readonly LimitStore[];
  #next = 0;

  constructor(root: string, stores: readonly LimitStore[]) {
    this.#root = root;
    this.#stores = stores;
  }

  get store(): LimitStore {
    return this.#stores[0] as LimitStore;
  }

  /** The demand of the next request, at the next store. */
  async acquire(limits: readonly (typeof BUDGET)[], demand: Partial<Demand>): Promise<[LimitStore, Acquisition]> {
    const number = (this.#next += 1);
    const store = this.#stores[number % this.#stores.length] as LimitStore;
    const options = { leaseId: `${this.#root} ${number}`, ttlMs: 600_000 };
    return [store, await store.acquire(store.group(this.#root, limits), demandOf(demand), options)];
  }

  leases() {
    return this.store.leases(this.#root);
  }

  async used(limits: readonly (typeof BUDGET)[]): Promise<number[]> {
    return (await this.store.read(this.store.group(this.#root, limits))).map(({ used }) => used);
  }
}

const repeat = <T>(times: number, work: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: times }, (_, index) => work(index)));

function crowdTests(create: (root: string) => Crowd): void {
  test('of 200 at once at a budget for 10, exactly 10 are granted, and not a nano-dollar over is spent', async () => {
    const crowd = create('budget for 10');
    const limits = LEVELS.map((id) => ({ ...BUDGET, id }));
    const answers = await repeat(200, () => crowd.acquire(limits, { cost: 1_000 }));
    const granted = answers.filter(([, { type }]) => type === 'granted');
    expect(granted).toHaveLength(10);
    // What is not spent is there for others, at once.
    for (const [store, answer] of granted.slice(0, 3)) {
      if (answer.type === 'granted') await store.settle(answer.lease, demandOf({ cost: 500 }), 1);
    }
    const more = await repeat(200, () => crowd.acquire(limits, { cost: 500 }));
    expect(more.filter(([, { type }]) => type === 'granted')).toHaveLength(3);
    expect(await crowd.used(limits)).toEqual([10_000, 10_000, 10_000]);
  });

  test('of 10,000 against 1,000 a minute, between 990 and 1,000 get through', async () => {
    const crowd = create('10,000');
    let granted = 0;
    for (let round = 0; round < 50; round += 1) {
      const answers = await repeat(200, () => crowd.acquire([PER_MINUTE], { requests: 1 }));
      granted += answers.filter(([, { type }]) => type === 'granted').length;
    }
    expect(granted).toBeGreaterThanOrEqual(990);
    expect(granted).toBeLessThanOrEqual(1_000);
  });

  test('a tenant with 5 % left is served until nothing is left', async () => {
    const crowd = create('5 % left');
    await crowd.acquire([BUDGET], { cost: 9_500 });
    const answers = await repeat(200, () => crowd.acquire([BUDGET], { cost: 7 }));
    expect(answers.filter(([, { type }]) => type === 'granted')).toHaveLength(Math.floor(500 / 7));
  });

  test('after 5,000 that end at random, nothing is held and nothing is missing', async () => {
    const crowd = create('random ends');
    const random = seededRandom(7);
    const limits = [{ ...BUDGET, max: 1e12 }, HELD];
    let spent = 0;
    for (let round = 0; round < 25; round += 1) {
      await repeat(200, async (index) => {
        const cost = Math.floor(random() * 1_000);
        const [store, answer] = await crowd.acquire(limits, { cost });
        if (answer.type !== 'granted') throw new Error(answer.type);
        const actual = random() < 0.3 ? 0 : Math.floor(cost * random());
        spent += actual;
        await store.settle(answer.lease, demandOf({ cost: actual }), index + 1);
        if (random() < 0.1) await store.settle(answer.lease, demandOf({ cost: actual }), index + 1);
      });
    }
    expect(await crowd.leases()).toEqual([]);
    expect(await crowd.used(limits)).toEqual([spent, 0]);
  });
}

describe('a crowd at limits in memory', () => {
  const store = createMemoryLimitStore({ clock: new VirtualClock() });
  crowdTests((root) => new Crowd(root, [store]));
});

describe.skipIf(needs('redis').missing)(`a crowd at limits in Redis${needs('redis').note}`, () => {
  let server: RedisServer;
  let clients: Awaited<ReturnType<typeof connectTo>>[];
  const connectTo = (url: string) => createClient({ url }).connect();

  beforeAll(async () => {
    server = await startRedis();
    clients = await Promise.all([connectTo(server.url), connectTo(server.url), connectTo(server.url)]);
  });
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.close()));
    await server.stop();
  });

  describe.each([1, 3])('through %d', (count) => {
    crowdTests((root) => {
      const prefix = `x-crowds-${process.pid}-${count}-${Math.floor(systemClock.now())}:`;
      const stores = clients
        .slice(0, count)
        .map((client) => createRedisLimitStore({ client: fromNodeRedis(client), prefix }));
      return new Crowd(root, stores);
    });
  });
});
