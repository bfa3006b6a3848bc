import { deepEqual, equal, ok } from 'node:assert/strict';
import { demandOf, limitOf, type StoreBench, type StoreCases } from './store-bench.ts';

const ever = limitOf({ id: 'ever', unit: 'cost', max: 100, window: { type: 'forever' } });
const held = limitOf({ id: 'held', unit: 'concurrent', max: 2, window: { type: 'held' } });

/** Whom the next demand of this root is told of. */
async function told(bench: StoreBench): Promise<readonly string[]> {
  const answer = await bench.acquire(bench.group());
  ok(answer.type === 'granted');
  await bench.settle(answer.lease);
  return answer.expired;
}

export const leaseCases: StoreCases = {
  'lists what is not settled': async (bench) => {
    const lease = await bench.take(bench.group(ever), { requests: 1, cost: 10 });
    deepEqual(await bench.store.leases(bench.root), [{ id: lease.id, demand: demandOf({ requests: 1, cost: 10 }) }]);
    await bench.settle(lease);
    deepEqual(await bench.store.leases(bench.root), []);
  },

  'tells of leases that expired, those of its root alone, and each to one': async (bench) => {
    const group = bench.group(ever, held);
    const long = await bench.take(group, { cost: 1 }, 60_000);
    const short = await bench.take(group, { cost: 1 }, 600);
    deepEqual(await told(bench), []);
    await bench.wait(650);
    const elsewhere = await bench.store.acquire(bench.store.group(`${bench.root}-2`, []), demandOf({}), {
      leaseId: 'elsewhere',
      ttlMs: 60_000,
    });
    deepEqual(elsewhere.type === 'granted' && elsewhere.expired, []);
    // Also with a refusal, since what expired may be what is in the way.
    const answer = await bench.refused(group, { cost: 99 });
    deepEqual(answer.expired, [short.id]);
    deepEqual(await told(bench), []);
    await bench.settle(long);
    await bench.settle(short);
  },

  'gives back what a dead holder reserved': async (bench) => {
    const group = bench.group(ever, held);
    const lease = await bench.take(group, { cost: 60 }, 100);
    await bench.wait(150);
    await bench.refused(group, { cost: 50 });
    await bench.store.sweep(bench.root, lease.id, undefined, undefined);
    await bench.store.sweep(bench.root, lease.id, undefined, undefined);
    await bench.expectUsed(group, 0, 0);
    deepEqual(await bench.store.leases(bench.root), []);
  },

  'counts what a dead holder had spent, once': async (bench) => {
    const group = bench.group(ever, held);
    const lease = await bench.take(group, { cost: 60 }, 100);
    await bench.wait(150);
    await bench.store.sweep(bench.root, lease.id, demandOf({ cost: 40 }), 7);
    await bench.settle(lease, { cost: 40 }, 7);
    await bench.store.sweep(bench.root, lease.id, demandOf({ cost: 40 }), 7);
    await bench.expectUsed(group, 40, 0);
  },

  'counts what a slow holder spent after its lease was swept to nothing, once': async (bench) => {
    const group = bench.group(ever, held);
    const lease = await bench.take(group, { cost: 60 }, 100);
    await bench.wait(150);
    await bench.store.sweep(bench.root, lease.id, undefined, undefined);
    await bench.store.renew([lease]);
    await bench.settle(lease, { cost: 50 }, 7);
    await bench.settle(lease, { cost: 50 }, 7);
    await bench.expectUsed(group, 50, 0);
    deepEqual(await bench.store.leases(bench.root), []);
  },

  'keeps what is renewed': async (bench) => {
    const group = bench.group(ever, held);
    const leases = [await bench.take(group, { cost: 10 }, 900), await bench.take(group, { cost: 10 }, 900)];
    await bench.wait(500);
    await bench.store.renew(leases);
    await bench.wait(500);
    deepEqual(await told(bench), []);
    await bench.wait(500);
    equal((await told(bench)).length, 2);
    // Renewed between being told and being swept: it is alive.
    const [slow] = leases;
    ok(slow !== undefined);
    await bench.store.renew([slow]);
    for (const { id } of leases) await bench.store.sweep(bench.root, id, undefined, undefined);
    await bench.expectUsed(group, 10, 1);
    await bench.settle(slow, { cost: 5 });
    await bench.expectUsed(group, 5, 0);
  },

  'tells again of a lease that nobody swept': async (bench) => {
    const lease = await bench.take(bench.group(ever), { cost: 10 }, 100);
    const next = () => bench.acquire(bench.group(), {}, 150);
    await bench.wait(150);
    const first = await next();
    await bench.wait(300);
    const second = await next();
    ok(first.type === 'granted' && second.type === 'granted');
    deepEqual(first.expired, [lease.id]);
    ok(second.expired.includes(lease.id));
  },
};
