import { VirtualClock } from '@x/core/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Limit } from '../limits/limit.ts';
import { demandOf, limitOf, StoreBench } from '../testing/limits/store-bench.ts';
import { createMemoryLimitStore } from './index.ts';

const MINUTE_MS = 60_000;

describe('limits in memory', () => {
  test('a counter that is idle and empty is dropped, and counts again when it is used', async () => {
    const clock = new VirtualClock();
    const store = createMemoryLimitStore({ clock });
    const options = (id: number) => ({ leaseId: String(id), ttlMs: MINUTE_MS });
    const limits = [
      limitOf({ window: { type: 'sliding', ms: MINUTE_MS } }),
      limitOf({ id: 'spent', window: { type: 'forever' } }),
    ];
    const groups = Array.from({ length: 100 }, (_, index) => store.group(`root ${index}`, limits));
    expect(store.size).toBe(0);
    for (const [index, group] of groups.entries()) store.acquire(group, demandOf({ requests: 1 }), options(index));
    expect(store.size).toBe(200);
    await clock.advance(11 * MINUTE_MS);
    const [group] = groups;
    if (group === undefined) throw new Error('no group');
    for (let index = 0; index < 300; index += 1)
      store.acquire(store.group('busy', []), demandOf({}), options(1_000 + index));
    // What was spent for ever is not forgotten.
    expect(store.size).toBe(100);
    store.acquire(group, demandOf({ requests: 2 }), options(2_000));
    expect(store.read(group).map(({ used }) => used)).toEqual([2, 3]);
  });

  test('a lease whose counter was dropped is counted in its successor, where it still counts', async () => {
    const clock = new VirtualClock();
    const bench = new StoreBench(createMemoryLimitStore({ clock }), (ms) => clock.advance(ms));
    const window = { type: 'sliding', ms: 60 * MINUTE_MS } as const;
    const group = bench.group(limitOf({ id: 'tokens', unit: 'tokens', max: 100, window }));
    const lease = await bench.take(group, { requests: 1 });
    await clock.advance(11 * MINUTE_MS);
    for (let index = 0; index < 5; index += 1) await bench.take(bench.group());
    await bench.settle(lease, { tokens: 40 }, 3);
    await bench.expectUsed(group, 40);
  });

  test('a seed that was read before a row was settled is completed by it', async () => {
    const clock = new VirtualClock();
    const bench = new StoreBench(createMemoryLimitStore({ clock }), (ms) => clock.advance(ms));
    const budget = limitOf({
      id: 'budget',
      unit: 'cost',
      seeded: true,
      window: { type: 'sliding', ms: 60 * MINUTE_MS },
    });
    const group = bench.group(budget);
    const seed = (upTo: number) => bench.store.seed(group, [{ limit: budget, entries: [], upTo }]);
    await seed(5);
    const leases = [await bench.take(group), await bench.take(group)];
    await clock.advance(11 * MINUTE_MS);
    for (let index = 0; index < 5; index += 1) await bench.take(bench.group());
    for (const [index, lease] of leases.entries()) await bench.settle(lease, { cost: 4 }, 6 + index);
    expect(await bench.acquire(group)).toMatchObject({ type: 'unseeded' });
    await seed(6);
    await bench.expectUsed(group, 4);
  });

  test('whatever is asked, spent, repeated and given up, no limit is exceeded and everything adds up', async () => {
    const limits: readonly Limit[] = [
      limitOf({ id: 'rate', max: 20, window: { type: 'sliding', ms: 1_000 } }),
      limitOf({ id: 'budget', unit: 'cost', max: 300, window: { type: 'forever' } }),
      limitOf({ id: 'held', unit: 'concurrent', max: 6, window: { type: 'held' } }),
    ];
    const step = fc.record({
      gap: fc.integer({ min: 0, max: 200 }),
      requests: fc.integer({ min: 0, max: 3 }),
      cost: fc.integer({ min: 0, max: 40 }),
      spends: fc.integer({ min: 0, max: 40 }),
      settles: fc.array(fc.nat(10), { maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 80 }), async (steps) => {
        const clock = new VirtualClock();
        const bench = new StoreBench(createMemoryLimitStore({ clock }), (ms) => clock.advance(ms));
        const group = bench.group(...limits);
        const open: { lease: Awaited<ReturnType<typeof bench.take>>; cost: number; spends: number }[] = [];
        let [settled, reserved] = [0, 0];
        for (const { gap, requests, cost, spends, settles } of steps) {
          await clock.advance(gap);
          const answer = await bench.acquire(group, { requests, cost });
          if (answer.type === 'granted') {
            open.push({ lease: answer.lease, cost, spends: Math.min(cost, spends) });
            reserved += cost;
          }
          for (const choice of settles) {
            const [ended] = open.splice(choice % Math.max(1, open.length), 1);
            if (ended === undefined) continue;
            for (let times = 0; times < 2; times += 1)
              await bench.settle(ended.lease, { requests: 1, cost: ended.spends });
            settled += ended.spends;
            reserved -= ended.cost;
          }
          const [rate, budget, held] = await bench.store.read(group);
          expect(budget?.used).toBe(settled + reserved);
          expect(budget?.used).toBeLessThanOrEqual(300);
          expect(held?.used).toBe(open.length);
          expect(held?.used).toBeLessThanOrEqual(6);
          expect(rate?.used).toBeGreaterThanOrEqual(0);
        }
        for (const { lease } of open) await bench.settle(lease);
        await clock.advance(2_000);
        await bench.expectUsed(group, 0, settled, 0);
        expect(await bench.store.leases(bench.root)).toEqual([]);
      }),
    );
  });
});
