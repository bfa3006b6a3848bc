import { randomUUID } from 'node:crypto';
import { createClient } from '@redis/client';
import { VirtualClock } from '@x/core/testing';
import { needs, startRedis, type RedisServer } from '@x/test-servers';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Limit, LimitState } from '../limits/limit.ts';
import type { Acquisition, Lease } from '../limits/limit-store.ts';
import { createMemoryLimitStore } from '../memory/index.ts';
import { limitStoreContract } from '../testing/index.ts';
import { limitOf, StoreBench } from '../testing/limits/store-bench.ts';
import { createRedisLimitStore, type RedisScripting } from './index.ts';

/** A real server, on a machine that is busy with other tests. */
vi.setConfig({ testTimeout: 60_000 });

/** Later than the server's own time, so that nothing expires by that. */
const START = Date.UTC(2090, 0, 1);

const LIMITS: readonly Limit[] = [
  limitOf({ id: 'sliding', max: 12, window: { type: 'sliding', ms: 1_000 } }),
  limitOf({ id: 'long', unit: 'tokens', max: 400, window: { type: 'sliding', ms: 7_777 } }),
  limitOf({ id: 'bucket', max: 9, window: { type: 'bucket', ms: 1_500, burst: 11 } }),
  limitOf({
    id: 'minute',
    unit: 'cost',
    max: 90,
    window: { type: 'calendar', period: 'minute', timeZone: 'Asia/Tokyo' },
  }),
  limitOf({ id: 'ever', unit: 'cost', max: 900, window: { type: 'forever' } }),
  limitOf({ id: 'held', unit: 'concurrent', max: 7, window: { type: 'held' } }),
];

/** What two stores have to agree on: of a bucket to the sixth digit, since it refills in other steps, and without when it is full. */
function seen(answer: Acquisition | readonly LimitState[]): unknown {
  const states = (all: readonly LimitState[]) =>
    all.map(({ limit, used, resetsAt }) => [limit.id, Number(used.toFixed(6)), limit.id === 'bucket' || resetsAt]);
  if (!('type' in answer)) return states(answer);
  if (answer.type === 'unseeded') return answer.limits.map(({ id }) => id);
  if (answer.type === 'granted') return [answer.lease.acquiredAt, answer.expired, states(answer.states())];
  const retryAfterMs = answer.limit.id === 'bucket' ? undefined : answer.retryAfterMs;
  return [answer.limit.id, retryAfterMs, answer.expired, states(answer.states())];
}

/** Without how the limits stand then: those who ask at once are told how they stand after all of them. */
function outcomeOf(answer: Acquisition): unknown {
  if (answer.type === 'granted') return [answer.type, answer.lease.acquiredAt];
  if (answer.type !== 'refused') return answer.type;
  return [answer.type, answer.limit.id, answer.limit.id === 'bucket' ? undefined : answer.retryAfterMs];
}

describe.skipIf(needs('own-redis').missing)(`Redis in virtual time${needs('own-redis').note}`, () => {
  let server: RedisServer;
  let client: Awaited<ReturnType<typeof connectTo>>;
  const connectTo = (url: string) => createClient({ url }).connect();

  beforeAll(async () => {
    server = await startRedis({ own: true });
    client = await connectTo(server.url);
  });
  afterAll(async () => {
    await client.close();
    await server.stop();
  });

  /** Lets scripts see the clock's time for the server's. No two see the same microsecond, as on a server, and nothing expires. */
  function scriptingAt(now: () => number): RedisScripting {
    const key = `clock-${randomUUID()}`;
    const time = `{ redis.call('HGET', '${key}', 's'), redis.call('HINCRBY', '${key}', 'us', 1) }`;
    let last = -1;
    return {
      evalsha: () => Promise.reject(new Error('NOSCRIPT')),
      eval: async (script, keys, args) => {
        const ms = Math.floor(now());
        // Sent before the script, over the same connection.
        const set = ms === last ? undefined : client.hSet(key, { s: Math.floor(ms / 1_000), us: (ms % 1_000) * 1_000 });
        last = ms;
        const changed = script
          .replace("redis.call('TIME')", time)
          .replaceAll("redis.call('PEXPIRE',", "redis.call('EXISTS',");
        const [answer] = await Promise.all([client.eval(changed, { keys, arguments: args }), set]);
        return answer;
      },
    };
  }

  describe('keeps the contract', () => {
    const clock = new VirtualClock({ start: START });
    const create = () => createRedisLimitStore({ client: scriptingAt(() => clock.now()), clock });
    for (const { name, run } of limitStoreContract({ create, wait: (ms) => clock.advance(ms) })) test(name, run);
  });

  test('answers what memory answers, whatever is asked', async () => {
    const step = fc.record({
      gap: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 20_000 })),
      // At once: they travel together.
      demands: fc.array(fc.record({ requests: fc.nat(4), tokens: fc.nat(120), cost: fc.nat(40) }), {
        minLength: 1,
        maxLength: 4,
      }),
      settles: fc.array(fc.record({ which: fc.nat(9), part: fc.integer({ min: 0, max: 3 }) }), { maxLength: 4 }),
      reset: fc.option(fc.nat(5), { freq: 30 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 80 }), async (steps) => {
        const clock = new VirtualClock({ start: START });
        const wait = (ms: number) => clock.advance(ms);
        const stores = [
          createMemoryLimitStore({ clock }),
          createRedisLimitStore({ client: scriptingAt(() => clock.now()), clock }),
        ];
        const [memory, redis] = stores.map((store) => new StoreBench(store, wait)) as [StoreBench, StoreBench];
        const groups = [memory.group(...LIMITS), redis.group(...LIMITS)] as const;
        const open: { leases: readonly [Lease, Lease]; demand: { requests: number; tokens: number; cost: number } }[] =
          [];
        for (const { gap, demands, settles, reset } of steps) {
          await clock.advance(gap);
          const inMemory = await Promise.all(demands.map((demand) => memory.acquire(groups[0], demand, 1e9)));
          const inRedis = await Promise.all(demands.map((demand) => redis.acquire(groups[1], demand, 1e9)));
          expect(inRedis.map(outcomeOf)).toEqual(inMemory.map(outcomeOf));
          expect(seen(inRedis.at(-1) as Acquisition)).toEqual(seen(inMemory.at(-1) as Acquisition));
          inMemory.forEach((one, index) => {
            const [other, demand] = [inRedis[index], demands[index]];
            if (one.type !== 'granted' || other?.type !== 'granted' || demand === undefined) return;
            open.push({ leases: [one.lease, other.lease], demand });
          });
          const settled: Promise<void>[] = [];
          for (const { which, part } of settles) {
            const [ended] = open.splice(which % Math.max(1, open.length), 1);
            if (ended === undefined) continue;
            const share = (amount: number) => Math.floor((amount * part) / 2);
            const { requests, tokens, cost } = ended.demand;
            const actual = { requests: share(requests), tokens: share(tokens), cost: share(cost) };
            await memory.settle(ended.leases[0], actual, 1);
            settled.push(redis.settle(ended.leases[1], actual, 1));
          }
          await Promise.all(settled);
          const limit = reset === null ? undefined : LIMITS[reset];
          if (limit !== undefined) {
            await memory.store.reset(groups[0], limit);
            await redis.store.reset(groups[1], limit);
          }
          expect(seen(await redis.store.read(groups[1]))).toEqual(seen(await memory.store.read(groups[0])));
        }
      }),
      // Making a counterexample smaller takes minutes with a real server.
      { numRuns: 15, endOnFailure: true },
    );
  });

  test(
    'of 10,000 over three clients against 1,000 a minute, at most 1,000 and at least 990 pass in any minute',
    { timeout: 60_000 },
    async () => {
      const clock = new VirtualClock({ start: START });
      const scripting = scriptingAt(() => clock.now());
      const limit = limitOf({ max: 1_000, window: { type: 'sliding', ms: 60_000 } });
      const stores = [1, 2, 3].map(() => createRedisLimitStore({ client: scripting, clock }));
      const granted: number[] = [];
      for (let index = 0; index < 10_000; index += 3) {
        const demand = { requests: 1, tokens: 0, cost: 0 };
        const acquire = async (store: (typeof stores)[0], client: number) =>
          store.acquire(store.group('flood', [limit]), demand, { leaseId: `${index + client}`, ttlMs: 1e9 });
        for (const answer of await Promise.all(stores.map(acquire))) {
          if (answer.type === 'granted') granted.push(answer.lease.acquiredAt);
        }
        await clock.advance(75);
      }
      const end = clock.now() - 60_000;
      const counts = granted
        .filter((from) => from < end)
        .map((from, index) => granted.slice(index).findIndex((at) => at >= from + 60_000))
        .filter((count) => count > 0);
      expect(counts.length).toBeGreaterThan(2_000);
      expect(Math.max(...counts)).toBeLessThanOrEqual(1_000);
      expect(Math.min(...counts)).toBeGreaterThanOrEqual(990);
    },
  );

  describe('and the calendar', () => {
    const month = (timeZone: string) =>
      limitOf({ id: 'month', unit: 'cost', max: 100, window: { type: 'calendar', period: 'month', timeZone } });
    const setUp = (start: number) => {
      let now = start;
      const store = createRedisLimitStore({ client: scriptingAt(() => now), clock: { now: () => now } });
      return { bench: new StoreBench(store, async () => undefined), set: (time: number) => (now = time) };
    };
    const END = Date.UTC(2090, 3, 30, 22);

    test('a month ends where its time zone is, and what was reserved in it is settled in it', async () => {
      const { bench, set } = setUp(END - 1);
      const group = bench.group(month('Europe/Berlin'));
      const lease = await bench.take(group, { cost: 100 });
      expect(await bench.refused(group, { cost: 1 })).toMatchObject({ retryAfterMs: 1 });
      set(END);
      await bench.take(group, { cost: 60 });
      await bench.settle(lease, { cost: 50 }, 1);
      await bench.expectUsed(group, 60);
    });

    test('no period comes back when the clock steps back', async () => {
      const { bench, set } = setUp(END - 1);
      const group = bench.group(month('Europe/Berlin'));
      await bench.take(group, { cost: 70 });
      set(END + 5);
      await bench.take(group, { cost: 60 });
      set(END - 1_000);
      await bench.expectUsed(group, 60);
      await bench.refused(group, { cost: 50 });
      await bench.take(group, { cost: 40 });
      set(END + 10);
      await bench.expectUsed(group, 100);
    });

    test('a day on which clocks are set has 23 hours', async () => {
      const start = Date.UTC(2090, 2, 25, 23);
      const { bench } = setUp(start);
      const day = limitOf({ max: 1, window: { type: 'calendar', period: 'day', timeZone: 'Europe/Berlin' } });
      await bench.take(bench.group(day), { requests: 1 });
      const { retryAfterMs } = await bench.refused(bench.group(day), { requests: 1 });
      expect(retryAfterMs).toBe(23 * 3_600_000);
    });

    test('a clock that steps back brings no room to a sliding window', async () => {
      const { bench, set } = setUp(END);
      const group = bench.group(limitOf({ max: 3, window: { type: 'sliding', ms: 60_000 } }));
      await bench.take(group, { requests: 1 });
      set(END + 50_000);
      await bench.take(group, { requests: 1 });
      set(END - 30_000);
      await bench.take(group, { requests: 1 });
      await bench.refused(group, { requests: 1 });
      set(END + 50_000);
      await bench.expectUsed(group, 3);
    });
  });
});
