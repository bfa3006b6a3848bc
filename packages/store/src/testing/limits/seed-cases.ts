import { deepEqual, equal, ok } from 'node:assert/strict';
import type { Limit } from '../../limits/limit.ts';
import { limitOf, type StoreBench, type StoreCases } from './store-bench.ts';

const HOUR_MS = 3_600_000;

const rolling: Limit = limitOf({ id: 'rolling', unit: 'cost', max: 100, seeded: true });
const yearly: Limit = {
  ...rolling,
  id: 'yearly',
  window: { type: 'calendar', period: 'year', timeZone: 'Pacific/Auckland' },
};
const ever: Limit = { ...rolling, id: 'ever', window: { type: 'forever' } };
const bucket: Limit = { ...rolling, id: 'bucket', window: { type: 'bucket', ms: 365 * 24 * HOUR_MS, burst: 100 } };

/** What each of them counts of an amount now and of one long ago. */
const LONG_AGO_MS = 400 * 24 * HOUR_MS;

function seedsAt(bench: StoreBench, limits: readonly Limit[], amount: number) {
  const now = bench.store.now();
  const entries = [
    { at: now - LONG_AGO_MS, amount: 9 },
    { at: now, amount },
  ];
  return limits.map((limit) => ({ limit, entries, upTo: 10 }));
}

export const seedCases: StoreCases = {
  'takes nothing before it knows what the ledger knows': async (bench) => {
    const group = bench.group(limitOf(), rolling, ever);
    const answer = await bench.acquire(group, { requests: 1, cost: 1 });
    ok(answer.type === 'unseeded');
    deepEqual(
      answer.limits.map(({ id }) => id),
      ['rolling', 'ever'],
    );
    await bench.expectUsed(group, 0, 0, 0);
    equal((await bench.store.leases(bench.root)).length, 0);
  },

  'counts what the ledger knows, where it counts': async (bench) => {
    const group = bench.group(rolling, yearly, ever, bucket);
    await bench.store.seed(group, seedsAt(bench, group.limits, 30));
    const states = await bench.store.read(group);
    deepEqual(
      states.map(({ used }) => Math.round(used)),
      [30, 30, 39, 30],
    );
    await bench.take(group, { cost: 61 });
    await bench.refused(group, { cost: 1 });
  },

  'listens to the first who tells it': async (bench) => {
    const group = bench.group(rolling, yearly, ever);
    await bench.store.seed(group, seedsAt(bench, group.limits, 30));
    await bench.take(group, { cost: 5 });
    await bench.store.seed(group, seedsAt(bench, group.limits, 50));
    await bench.expectUsed(group, 35, 35, 44);
  },

  'seeds a counter in which nothing was spent': async (bench) => {
    const group = bench.group(rolling, yearly, ever, bucket);
    await bench.store.seed(
      group,
      group.limits.map((limit) => ({ limit, entries: [], upTo: 0 })),
    );
    await bench.take(group, { cost: 100 });
  },

  'leaves out what was before a counter was set back': async (bench) => {
    const group = bench.group(rolling, ever);
    const before = bench.store.now();
    await bench.wait(5);
    for (const limit of group.limits) await bench.store.reset(group, limit);
    ok((await bench.acquire(group)).type === 'unseeded');
    const entries = [
      { at: before, amount: 30 },
      { at: bench.store.now(), amount: 4 },
    ];
    await bench.store.seed(
      group,
      group.limits.map((limit) => ({ limit, entries, upTo: 1 })),
    );
    await bench.expectUsed(group, 4, 4);
  },

  'seeds what is missing alone': async (bench) => {
    const [one, both] = [bench.group(rolling), bench.group(rolling, ever)];
    await bench.store.seed(one, seedsAt(bench, one.limits, 30));
    const answer = await bench.acquire(both, { cost: 1 });
    ok(answer.type === 'unseeded');
    await bench.store.seed(both, seedsAt(bench, answer.limits, 20));
    await bench.take(both, { cost: 1 });
    await bench.expectUsed(both, 31, 30);
  },
};
