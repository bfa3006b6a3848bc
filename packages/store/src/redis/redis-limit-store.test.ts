import { createClient, createCluster } from '@redis/client';
import { systemClock } from '@x/core';
import { needs, startRedis, startRedisCluster, type RedisServer } from '@x/test-servers';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { RemoteLimitStore } from '../limits/remote-limit-store.ts';
import { demandOf, limitOf, StoreBench } from '../testing/limits/store-bench.ts';
import { createRedisLimitStore, fromNodeRedis } from './index.ts';

/** A real server, on a machine that is busy with other tests. */
vi.setConfig({ testTimeout: 60_000 });

const budget = limitOf({ id: 'budget', unit: 'cost', max: 100, window: { type: 'forever' }, seeded: true });
const rate = limitOf({ id: 'rate', unit: 'tokens', max: 100 });
const held = limitOf({ id: 'held', unit: 'concurrent', max: 5, window: { type: 'held' } });

const connectTo = (url: string) => createClient({ url }).connect();

describe.skipIf(needs('own-redis').missing)(`a Redis of its own${needs('own-redis').note}`, () => {
  let server: RedisServer;
  let client: Awaited<ReturnType<typeof connectTo>>;
  let store: RemoteLimitStore;
  const bench = () => new StoreBench(store, systemClock.sleep);

  beforeAll(async () => {
    server = await startRedis({ own: true });
    client = await connectTo(server.url);
    store = createRedisLimitStore({ client: fromNodeRedis(client) });
  });
  afterAll(async () => {
    await client.close();
    await server.stop();
  });

  const seedOf = (upTo: number, amount = 0) => [
    { limit: budget, entries: amount === 0 ? [] : [{ at: store.now(), amount }], upTo },
  ];

  test('is asked once for an admission over nine limits, and once for its settlement', async () => {
    const own = bench();
    const limits = ['customer', 'team', 'key'].flatMap((level) => [
      limitOf({ id: `${level} requests` }),
      limitOf({ id: `${level} tokens`, unit: 'tokens' }),
      { ...budget, id: `${level} budget`, seeded: false },
    ]);
    const group = own.group(...limits);
    await own.settle(await own.take(group));
    await client.sendCommand(['CONFIG', 'RESETSTAT']);
    await own.settle(await own.take(group, { requests: 1, tokens: 5, cost: 5 }), { requests: 1, tokens: 4, cost: 4 });
    const stats = await client.info('commandstats');
    expect(/cmdstat_evalsha:calls=(\d+)/.exec(stats)?.[1]).toBe('2');
    expect(stats).not.toContain('cmdstat_eval:');
  });

  test('is asked once for all that come at the same time, and each gets an answer of its own', async () => {
    const own = bench();
    const group = own.group(limitOf({ max: 30 }), rate);
    await own.settle(await own.take(group));
    await client.sendCommand(['CONFIG', 'RESETSTAT']);
    const answers = await Promise.all(Array.from({ length: 60 }, () => own.acquire(group, { requests: 1, tokens: 1 })));
    const granted = answers.flatMap((answer) => (answer.type === 'granted' ? [answer.lease] : []));
    expect(answers.map(({ type }) => type)).toEqual(Array.from(answers, (_, at) => (at < 30 ? 'granted' : 'refused')));
    expect(new Set(granted.map(({ id }) => id)).size).toBe(30);
    await Promise.all(granted.map((lease, at) => own.settle(lease, { requests: at % 2, tokens: 1 })));
    const stats = await client.info('commandstats');
    expect(/cmdstat_evalsha:calls=(\d+)/.exec(stats)?.[1]).toBe('2');
    await own.expectUsed(group, 15, 30);
    expect(await store.leases(own.root)).toEqual([]);
  });

  test('is asked in several parts by more than one script should look after', async () => {
    const own = bench();
    const group = own.group(limitOf({ max: 1_000 }), held);
    const answers = await Promise.all(Array.from({ length: 200 }, () => own.acquire(group, { requests: 2 })));
    expect(answers.filter(({ type }) => type === 'granted')).toHaveLength(5);
    await own.expectUsed(group, 10, 5);
  });

  test('takes and settles once what is sent twice at the same time', async () => {
    const own = bench();
    const group = own.group(rate, held);
    const options = { leaseId: `${own.root} twice at once`, ttlMs: 60_000 };
    const send = () => store.acquire(group, demandOf({ tokens: 5 }), options);
    const [first, second] = await Promise.all([send(), send()]);
    expect([first?.type, second?.type]).toEqual(['granted', 'granted']);
    await own.expectUsed(group, 5, 1);
    if (first?.type !== 'granted') return;
    const { lease } = first;
    await Promise.all([own.settle(lease, { tokens: 3 }), own.settle(lease, { tokens: 3 })]);
    await own.expectUsed(group, 3, 0);
  });

  test('that was emptied counts what is settled at the same time once each, whether its lease is still there or not', async () => {
    const own = bench();
    const group = own.group(budget, rate, held);
    await store.seed(group, seedOf(10));
    const take = () => own.take(group, { tokens: 5, cost: 10 });
    const lost = [await take(), await take(), await take()];
    await client.sendCommand(['FLUSHALL']);
    // Of the three, rows 11 and 12 are in the ledger that is read now.
    await store.seed(group, seedOf(12, 14));
    const kept = [await take(), await take()];
    const settle = (lease: (typeof kept)[0], at: number) => own.settle(lease, { tokens: 4, cost: 7 }, 11 + at);
    await Promise.all([...lost, ...kept].map(settle));
    await Promise.all([...lost, ...kept].map(settle));
    await own.expectUsed(group, 14 + 7 + 14, 12 + 8, 0);
  });

  test('fails one that comes too late, and no other', async () => {
    const own = bench();
    const group = own.group(rate);
    const options = { leaseId: `${own.root} late`, ttlMs: 60_000 };
    await own.settle(store.doubtful(group, { demand: demandOf({ tokens: 2 }), acquiredAt: store.now() }, options), {
      tokens: 2,
    });
    const [late, other] = await Promise.allSettled([
      store.acquire(group, demandOf({ tokens: 2 }), options),
      own.take(group, { tokens: 3 }),
    ]);
    expect([late?.status, other?.status]).toEqual(['rejected', 'fulfilled']);
    await own.expectUsed(group, 5);
  });

  test('may forget its scripts', async () => {
    const own = bench();
    await client.sendCommand(['SCRIPT', 'FLUSH']);
    await own.settle(await own.take(own.group(rate), { tokens: 5 }), { tokens: 4 });
    await own.expectUsed(own.group(rate), 4);
  });

  test('takes once what a client sends twice', async () => {
    const own = bench();
    const group = own.group(rate, held);
    const send = () => store.acquire(group, demandOf({ tokens: 5 }), { leaseId: `${own.root} twice`, ttlMs: 60_000 });
    const [first, second] = [await send(), await send()];
    expect(second).toMatchObject({ type: 'granted' });
    await own.expectUsed(group, 5, 1);
    if (first.type === 'granted') await own.settle(first.lease);
    await own.expectUsed(group, 0, 0);
  });

  test('that was emptied does not count a settlement which the seed has, and counts one which it has not', async () => {
    const own = bench();
    const group = own.group(budget, rate, held);
    await store.seed(group, seedOf(10));
    const leases = [await own.take(group, { tokens: 9, cost: 30 }), await own.take(group, { tokens: 9, cost: 30 })];
    await client.sendCommand(['FLUSHALL']);
    // Row 11 was in the ledger when it was asked, row 12 was not.
    await store.seed(group, seedOf(11, 20));
    for (const [index, lease] of leases.entries()) {
      await own.settle(lease, { tokens: 7, cost: 20 }, 11 + index);
      await own.settle(lease, { tokens: 7, cost: 20 }, 11 + index);
    }
    await own.expectUsed(group, 40, 14, 0);
    expect(await store.leases(own.root)).toEqual([]);
  });

  test('keeps what was settled between the reading of the ledger and the seed', async () => {
    const own = bench();
    const group = own.group(budget);
    await store.seed(group, seedOf(10));
    const leases = [
      await own.take(group, { cost: 5 }),
      await own.take(group, { cost: 5 }),
      await own.take(group, { cost: 5 }),
    ];
    await client.sendCommand(['FLUSHALL']);
    for (const [index, lease] of leases.entries()) await own.settle(lease, { cost: 5 }, 11 + index);
    await store.seed(group, seedOf(12, 10));
    await own.expectUsed(group, 15);
  });

  test('that lost one counter keeps the books of the others', async () => {
    const own = bench();
    const group = own.group(budget, rate);
    await store.seed(group, seedOf(10));
    const lease = await own.take(group, { tokens: 9, cost: 30 });
    await client.sendCommand(['DEL', `x:limits:{${own.root}}:c:budget:f`]);
    expect(await own.acquire(group, { cost: 1 })).toMatchObject({ type: 'unseeded' });
    await store.seed(group, seedOf(11, 20));
    await own.settle(lease, { tokens: 2, cost: 20 }, 11);
    await own.expectUsed(group, 20, 2);
  });

  test('without its leases holds nothing', async () => {
    const own = bench();
    const group = own.group(held);
    for (let index = 0; index < 5; index += 1) await own.take(group);
    await client.sendCommand(['DEL', `x:limits:{${own.root}}:leases`]);
    await own.expectUsed(group, 0);
    await own.take(group);
    await own.expectUsed(group, 1);
  });

  test('charges a batch and a doubtful lease once', async () => {
    const own = bench();
    const group = own.group(rate, held);
    const charges = [{ limit: rate, at: store.now(), amount: 5, first: 0, last: 0 }];
    await store.charge(own.root, 'batch', charges);
    await store.charge(own.root, 'batch', charges);
    await own.expectUsed(group, 5, 0);
    const options = { leaseId: `${own.root} lost`, ttlMs: 60_000 };
    const taken = { demand: demandOf({ tokens: 9 }), acquiredAt: store.now() };
    const lost = store.doubtful(group, taken, options);
    await own.settle(lost, { tokens: 3 });
    await own.settle(lost, { tokens: 3 });
    await own.expectUsed(group, 8, 0);
    // The command that was on its way all the time comes too late.
    await expect(store.acquire(group, taken.demand, options)).rejects.toThrow('settled before it was acquired');
    const found = store.doubtful(group, taken, { leaseId: (await own.take(group, taken.demand)).id, ttlMs: 60_000 });
    await own.settle(found, { tokens: 4 });
    await own.expectUsed(group, 12, 0);
  });

  test('is asked for a fresh seed where charges are partly in it', async () => {
    const own = bench();
    const group = own.group(budget);
    await store.seed(group, seedOf(10, 30));
    const charge = (first: number, last: number) =>
      store.charge(own.root, `${first}-${last}`, [{ limit: budget, at: store.now(), amount: 5, first, last }]);
    await charge(5, 10);
    await own.expectUsed(group, 30);
    await charge(11, 14);
    await own.expectUsed(group, 35);
    await charge(8, 12);
    expect(await own.acquire(group)).toMatchObject({ type: 'unseeded' });
  });

  test('keeps nothing of what is over', async () => {
    const own = bench();
    const short = limitOf({ id: 'short', max: 5, window: { type: 'sliding', ms: 100 } });
    const bucket = limitOf({ id: 'bucket', window: { type: 'bucket', ms: 100, burst: 5 } });
    const group = own.group(short, bucket, held);
    await own.settle(await own.take(group, { requests: 3 }), { requests: 3 });
    await systemClock.sleep(1_300);
    // The epoch stays for as long as a settlement may be repeated.
    expect(await client.sendCommand(['KEYS', `*{${own.root}}*`])).toEqual([`x:limits:{${own.root}}:leases`]);
    const ttl = Number(await client.sendCommand(['PTTL', `x:limits:{${own.root}}:leases`]));
    expect(ttl).toBeGreaterThan(6 * 86_400_000);
  });

  test('tells its time', async () => {
    const wrong = { now: () => systemClock.now() - 3_600_000 };
    const other = createRedisLimitStore({ client: fromNodeRedis(client), clock: wrong });
    expect(Math.abs(other.now() - systemClock.now())).toBeGreaterThan(3_500_000);
    // A minute that is over by this server's time: it says so, and is asked again.
    const minute = limitOf({ id: 'minute', window: { type: 'calendar', period: 'minute', timeZone: 'UTC' } });
    const own = new StoreBench(other, systemClock.sleep);
    await own.take(own.group(minute), { requests: 1 });
    expect(Math.abs(other.now() - systemClock.now())).toBeLessThan(1_000);
  });

  test('never counts more than the maximum in any stretch of a sliding window', async () => {
    const own = bench();
    const group = own.group(limitOf({ max: 20, window: { type: 'sliding', ms: 300 } }));
    const at: number[] = [];
    const end = systemClock.now() + 2_500;
    while (systemClock.now() < end) {
      const answer = await own.acquire(group, { requests: 1 });
      if (answer.type === 'granted') {
        at.push(answer.lease.acquiredAt);
        await own.settle(answer.lease, { requests: 1 });
      }
    }
    const inWindows = at.map((start) => at.filter((time) => time >= start && time < start + 300).length);
    expect(Math.max(...inWindows)).toBe(20);
    expect(at.length).toBeGreaterThan(20 * 7);
  });
});

describe.skipIf(needs('own-redis').missing)(`a Redis Cluster${needs('own-redis').note}`, () => {
  test('keeps all of a root in one place, and different roots in different ones', async () => {
    const cluster = await startRedisCluster({ nodes: 3 });
    const client = await createCluster({ rootNodes: cluster.nodes.map(({ url }) => ({ url })) }).connect();
    const store = createRedisLimitStore({ client: fromNodeRedis(client) });
    const roots = Array.from({ length: 12 }, (_, index) => `customer-${index}`);
    for (const root of roots) {
      const group = store.group(root, [budget, rate, held]);
      await store.seed(group, [{ limit: budget, entries: [], upTo: 0 }]);
      const answer = await store.acquire(group, demandOf({ tokens: 5, cost: 5 }), { leaseId: root, ttlMs: 60_000 });
      if (answer.type !== 'granted') throw new Error(answer.type);
      await store.renew([answer.lease]);
      await store.settle(answer.lease, demandOf({ tokens: 4, cost: 4 }), 1);
      expect((await store.read(group)).map(({ used }) => used)).toEqual([4, 4, 0]);
    }
    const sizes = await Promise.all(
      cluster.nodes.map(async ({ url }) => {
        const node = await connectTo(url);
        const size = await node.dbSize();
        await node.close();
        return size;
      }),
    );
    expect(sizes.filter((size) => size > 0).length).toBeGreaterThan(1);
    await client.close();
    await cluster.stop();
  });
});

test('a prefix may not scatter the keys of a root', () => {
  const client = { evalsha: () => Promise.resolve([]), eval: () => Promise.resolve([]) };
  expect(() => createRedisLimitStore({ client, prefix: 'a{b}' })).toThrow('prefix must be one line without braces');
});
