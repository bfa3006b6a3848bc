import { createServer, connect, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { createClient } from '@redis/client';
import { systemClock } from '@x/core';
import { needs, startRedis, type RedisServer } from '@x/test-servers';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Limit } from '../limits/limit.ts';
import type { LimitStore } from '../limits/limit-store.ts';
import { createRedisLimitStore, fromNodeRedis } from '../redis/index.ts';
import { limitOf, StoreBench } from '../testing/limits/store-bench.ts';
import type { OutagePolicy } from './options.ts';
import { withOutagePolicy } from './with-outage-policy.ts';

/** A real server, on a machine that is busy with other tests. */
vi.setConfig({ testTimeout: 60_000 });

const money = limitOf({ id: 'money', unit: 'cost', max: 30, seeded: true, window: { type: 'forever' } });
const rate = limitOf({ id: 'rate', max: 6, window: { type: 'sliding', ms: 3_600_000 } });
const held = limitOf({ id: 'held', unit: 'concurrent', max: 3, window: { type: 'held' } });

const TIMEOUT_MS = 250;

describe.skipIf(needs('own-redis').missing)(`Redis away${needs('own-redis').note}`, () => {
  let server: RedisServer;
  let closing: (() => unknown)[];

  beforeEach(async () => {
    server = await startRedis({ own: true });
    closing = [];
  });
  afterEach(async () => {
    for (const close of closing) await close();
    await server.stop();
  });

  async function connectTo(url: string) {
    const client = createClient({ url, disableOfflineQueue: true, socket: { reconnectStrategy: 20 } });
    client.on('error', () => undefined);
    await client.connect();
    closing.push(() => client.destroy());
    return createRedisLimitStore({ client: fromNodeRedis(client) });
  }

  async function open(policy: OutagePolicy, url = server.url): Promise<{ store: LimitStore; bench: StoreBench }> {
    const store = withOutagePolicy(await connectTo(url), { policy, replicas: 3, timeoutMs: TIMEOUT_MS, probeMs: 50 });
    closing.unshift(() => store.close());
    return { store, bench: new StoreBench(store, systemClock.sleep) };
  }

  const seed = (store: LimitStore, bench: StoreBench, spent: number, upTo: number) =>
    store.seed(bench.group(money), [{ limit: money, entries: [{ at: store.now(), amount: spent }], upTo }]);

  async function untilBack(store: LimitStore): Promise<void> {
    while (!store.health.ok) await systemClock.sleep(10);
  }

  /** Milliseconds that something takes. */
  async function timed(work: () => Promise<unknown>): Promise<number> {
    const start = systemClock.now();
    await work();
    return systemClock.now() - start;
  }

  test('paused: `open` lets one request wait, grants all, and counts once what was spent', async () => {
    const { store, bench } = await open('open');
    const group = bench.group(money, rate, held);
    await seed(store, bench, 0, 10);
    const before = await bench.take(group, { requests: 1, cost: 5 });
    server.pause();
    expect(await timed(() => bench.take(group, { requests: 1, cost: 5 }))).toBeGreaterThanOrEqual(TIMEOUT_MS - 1);
    expect(store.health).toMatchObject({ ok: false, policy: 'open' });
    const leases: Awaited<ReturnType<typeof bench.take>>[] = [];
    const waited = await timed(async () => {
      for (let index = 0; index < 20; index += 1) leases.push(await bench.take(group, { requests: 1, cost: 9 }));
    });
    expect(waited).toBeLessThan(TIMEOUT_MS / 2);
    await bench.settle(before, { requests: 1, cost: 4 }, 11);
    for (const [index, lease] of leases.slice(0, 19).entries())
      await bench.settle(lease, { requests: 1, cost: 1 }, 12 + index);
    server.resume();
    await untilBack(store);
    expect(store.health).toMatchObject({ ok: true, policy: undefined });
    // The one that waited was granted by Redis after all, and is not settled.
    await bench.expectUsed(group, 4 + 19 + 5, 1 + 19 + 1, 1);
    const [last] = leases.slice(19);
    if (last !== undefined) for (const cost of [2, 3]) await bench.settle(last, { requests: 1, cost }, 40);
    await bench.expectUsed(group, 4 + 19 + 5 + 2, 1 + 19 + 1 + 1, 1);
  });

  test('paused: a demand that was granted unheard is settled like any other', async () => {
    const { store, bench } = await open('open');
    const group = bench.group(rate, held);
    await bench.settle(await bench.take(group));
    server.pause();
    const lease = await bench.take(group, { requests: 3 });
    await bench.settle(lease, { requests: 1 });
    server.resume();
    await untilBack(store);
    await bench.expectUsed(group, 1, 0);
    expect(await store.leases(bench.root)).toEqual([]);
  });

  test('killed: `closed` refuses at once, says when to come back, and leaves nothing behind', async () => {
    const { store, bench } = await open('closed');
    const group = bench.group(rate, held);
    await bench.take(group, { requests: 1 });
    await server.kill();
    const refusal = { kind: 'overloaded', code: 'store_unavailable' };
    await expect(bench.take(group)).rejects.toMatchObject(refusal);
    for (let index = 0; index < 20; index += 1) await expect(bench.take(group)).rejects.toMatchObject(refusal);
    await expect(store.read(group)).rejects.toMatchObject(refusal);
    const error: unknown = await bench.take(group).catch((thrown: unknown) => thrown);
    expect((error as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(0);
    expect((error as { retryAfterMs: number }).retryAfterMs).toBeLessThanOrEqual(50);
    await server.restart();
    await untilBack(store);
    // It starts empty, so that nothing is held either.
    await bench.expectUsed(group, 0, 0);
    expect(await store.leases(bench.root)).toEqual([]);
    await bench.take(group, { requests: 1 });
  });

  test('killed: with `share` three replicas together keep to the limits, and it is counted afterwards', async () => {
    const replicas = await Promise.all([open('share'), open('share'), open('share')]);
    const root = 'shared';
    const groups = replicas.map(({ store }) => store.group(root, [money, rate]));
    await server.kill();
    const refusals: Limit[] = [];
    const granted: { replica: number; lease: Parameters<LimitStore['settle']>[0] }[] = [];
    for (const [replica, { store }] of replicas.entries()) {
      const group = groups[replica];
      if (group === undefined) throw new Error('no group');
      for (let index = 0; index < 10; index += 1) {
        const acquire = () =>
          store.acquire(group, { requests: 1, tokens: 0, cost: 1 }, { leaseId: `${replica} ${index}`, ttlMs: 60_000 });
        let answer = await acquire();
        if (answer.type === 'unseeded') {
          // 18 of 30 were spent before.
          await store.seed(group, [{ limit: money, entries: [{ at: store.now(), amount: 18 }], upTo: 10 }]);
          answer = await acquire();
        }
        if (answer.type === 'granted') granted.push({ replica, lease: answer.lease });
        if (answer.type === 'refused') refusals.push(answer.limit);
      }
    }
    expect(granted).toHaveLength(6);
    // The limit is named as it is, not its share.
    expect(refusals).toHaveLength(24);
    expect(refusals.every((limit) => limit === rate)).toBe(true);
    for (const [index, { replica, lease }] of granted.entries()) {
      await replicas[replica]?.store.settle(lease, { requests: 1, tokens: 0, cost: 2 }, 11 + index);
    }
    await server.restart();
    for (const { store } of replicas) await untilBack(store);
    const [{ store, bench }] = replicas;
    expect(
      await bench.store.acquire(
        store.group(root, [money]),
        { requests: 0, tokens: 0, cost: 0 },
        { leaseId: 'x', ttlMs: 1 },
      ),
    ).toMatchObject({
      type: 'unseeded',
    });
    // Asked after the third row: the others are added to it.
    await store.seed(store.group(root, [money]), [
      { limit: money, entries: [{ at: store.now(), amount: 24 }], upTo: 13 },
    ]);
    const states = await store.read(store.group(root, [money, rate]));
    expect(states.map(({ used }) => used)).toEqual([30, 6]);
  });

  test('restarted empty: what was reserved before is settled once, by its row', async () => {
    const { store, bench } = await open('open');
    const group = bench.group(money, rate, held);
    await seed(store, bench, 0, 10);
    const leases = [
      await bench.take(group, { requests: 1, cost: 5 }),
      await bench.take(group, { requests: 1, cost: 5 }),
    ];
    await server.restart();
    await untilBack(store);
    const answer = await bench.acquire(group, { requests: 1, cost: 1 });
    // Either it noticed that the connection was gone, or Redis says that it knows nothing.
    expect(['granted', 'unseeded']).toContain(answer.type);
    if (answer.type === 'granted') await bench.settle(answer.lease);
    await untilBack(store);
    await seed(store, bench, 3, 11);
    for (const [index, lease] of leases.entries()) await bench.settle(lease, { requests: 1, cost: 3 }, 11 + index);
    await untilBack(store);
    await bench.expectUsed(group, 6, 2, 0);
  });

  test('cut off in the middle of every command: everything counts once', async () => {
    let cut = false;
    const sockets = new Set<{ destroy(): void }>();
    // Passes commands on; the answer is lost when it is time to cut.
    const proxy = createServer((near) => {
      const far = connect(server.port, server.host);
      for (const socket of [near, far]) {
        sockets.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => near.destroy() && far.destroy());
      }
      near.pipe(far);
      far.on('data', (bytes) => {
        if (cut) near.destroy();
        else near.write(bytes);
      });
    }).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    closing.push(() => {
      for (const socket of sockets) socket.destroy();
      proxy.close();
    });
    const { port } = proxy.address() as AddressInfo;
    const { store, bench } = await open('open', `redis://127.0.0.1:${port}`);
    const group = bench.group(limitOf({ ...rate, max: 1_000 }), held);

    for (let round = 0; round < 10; round += 1) {
      await untilBack(store);
      cut = round % 2 === 0;
      const lease = await bench.take(group, { requests: 5 });
      cut = round % 2 === 1;
      await bench.settle(lease, { requests: 2 });
      cut = false;
    }
    await untilBack(store);
    await bench.expectUsed(group, 20, 0);
    expect(await store.leases(bench.root)).toEqual([]);
  });

  test('a lease that expired while Redis was away, and was swept to nothing, is still counted', async () => {
    const { store, bench } = await open('open');
    const group = bench.group(rate, held);
    const lease = await bench.take(group, { requests: 2 }, 300);
    server.pause();
    await systemClock.sleep(400);
    server.resume();
    const answer = await bench.acquire(group);
    if (answer.type !== 'granted') throw new Error(answer.type);
    expect(answer.expired).toEqual([lease.id]);
    await store.sweep(bench.root, lease.id, undefined, undefined);
    await bench.settle(lease, { requests: 2 });
    await bench.settle(answer.lease);
    await bench.expectUsed(group, 2, 0);
  });
});

test('options are checked', () => {
  const remote = {} as Parameters<typeof withOutagePolicy>[0];
  expect(() => withOutagePolicy(remote, { policy: 'maybe' as 'open' })).toThrow('policy must be open, closed or share');
  expect(() => withOutagePolicy(remote, { policy: 'share', replicas: 0 })).toThrow('replicas must be a whole number');
  expect(() => withOutagePolicy(remote, { policy: 'open', timeoutMs: 0 })).toThrow(
    'timeoutMs must be a finite number above 0',
  );
});
