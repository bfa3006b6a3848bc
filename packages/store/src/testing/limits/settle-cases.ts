import { equal } from 'node:assert/strict';
import { limitOf, type StoreCases } from './store-bench.ts';

const tokens = limitOf({ id: 'tokens', unit: 'tokens', max: 100 });
const money = limitOf({
  id: 'money',
  unit: 'cost',
  max: 100,
  window: { type: 'calendar', period: 'year', timeZone: 'America/New_York' },
});
const ever = limitOf({ id: 'ever', unit: 'cost', max: 100, window: { type: 'forever' } });
const held = limitOf({ id: 'held', unit: 'concurrent', max: 2, window: { type: 'held' } });

export const settleCases: StoreCases = {
  'replaces what was reserved by what was spent': async (bench) => {
    const group = bench.group(tokens, money, ever, held);
    const lease = await bench.take(group, { tokens: 80, cost: 90 });
    await bench.expectUsed(group, 80, 90, 90, 1);
    await bench.settle(lease, { tokens: 30, cost: 20 });
    await bench.expectUsed(group, 30, 20, 20, 0);
  },

  'counts more than was reserved, where more was spent': async (bench) => {
    const group = bench.group(tokens, money, ever);
    await bench.settle(await bench.take(group, { tokens: 10, cost: 10 }), { tokens: 110, cost: 120 });
    await bench.expectUsed(group, 110, 120, 120);
    await bench.refused(group, { tokens: 1, cost: 1 });
  },

  'settles once, however often it is told': async (bench) => {
    const group = bench.group(tokens, money, ever, held);
    const [lease] = [await bench.take(group, { tokens: 50, cost: 50 }), await bench.take(group)];
    for (const amount of [10, 10, 99, 0]) await bench.settle(lease, { tokens: amount, cost: amount }, 5);
    await Promise.all([1, 2, 3].map((amount) => bench.settle(lease, { tokens: amount, cost: amount }, 6)));
    await bench.expectUsed(group, 10, 10, 10, 1);
  },

  'gives everything back where nothing was spent': async (bench) => {
    const group = bench.group(tokens, money, ever, held);
    const leases = [
      await bench.take(group, { tokens: 40, cost: 60 }),
      await bench.take(group, { tokens: 60, cost: 40 }),
    ];
    await bench.refused(group, { tokens: 1 });
    for (const lease of leases) await bench.settle(lease);
    await bench.expectUsed(group, 0, 0, 0, 0);
    equal((await bench.store.leases(bench.root)).length, 0);
    await bench.take(group, { tokens: 100, cost: 100 });
  },

  'leaves nothing held after a thousand that end at random': async (bench) => {
    const group = bench.group(
      limitOf({ ...tokens, max: 1e6 }),
      limitOf({ ...ever, max: 1e6 }),
      limitOf({ ...held, max: 1e6 }),
    );
    let spent = 0;
    const one = async (index: number) => {
      const lease = await bench.take(group, { tokens: 1 + (index % 97), cost: 1 + (index % 89) });
      // A third fails, a third is cancelled halfway, a third costs what was thought; some are told twice.
      const actual = [0, Math.floor((index % 89) / 2), 1 + (index % 89)][index % 3] ?? 0;
      spent += actual;
      await bench.settle(lease, { cost: actual }, index + 1);
      if (index % 5 === 0) await bench.settle(lease, { cost: actual }, index + 1);
    };
    await Promise.all(Array.from({ length: 1_000 }, (_, index) => one(index)));
    await bench.expectUsed(group, 0, spent, 0);
    equal((await bench.store.leases(bench.root)).length, 0);
  },

  'sets a counter back, also for those who have reserved in it': async (bench) => {
    const group = bench.group(tokens, money, ever, held);
    const lease = await bench.take(group, { tokens: 50, cost: 50 });
    await bench.take(group, { tokens: 10, cost: 10 });
    await bench.wait(5);
    for (const limit of group.limits) await bench.store.reset(group, limit);
    await bench.expectUsed(group, 0, 0, 0, 0);
    const next = await bench.take(group, { tokens: 7, cost: 7 });
    await bench.settle(lease, { tokens: 60, cost: 60 }, 3);
    await bench.expectUsed(group, 7, 7, 7, 1);
    await bench.settle(next, { tokens: 8, cost: 8 }, 4);
    await bench.expectUsed(group, 8, 8, 8, 0);
  },
};
