import { chatCompletion, seededRandom, VirtualClock } from '@x/core/testing';
import { createMemoryLimitStore } from '@x/store/memory';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GovernanceBench, keyed, usage, type BenchOptions } from '../testing/bench.ts';
import { FakeDurable } from '../testing/fake-durable.ts';
import { remote } from '../testing/other-stores.ts';
import { outcomes, spent } from '../testing/outcomes.ts';

describe('no overspend under strict', () => {
  /** Nano-USD that are reserved for one request of the kind. */
  const worst = async () => {
    const bench = await GovernanceBench.open();
    const key = await bench.key({ budgets: [{ usd: 1, per: 'month' }] });
    let lease = 0;
    const handler = bench.handler(async () => {
      lease = (await bench.leases())[0]?.demand.cost ?? 0;
      return chatCompletion({ usage: usage(1, 1) });
    });
    await handler(keyed(key), bench.context());
    return lease;
  };

  test.each([
    [1, 'in this process'],
    [3, 'in this process'],
    [3, 'far away'],
  ])('200 at once at a budget for 10, in %d processes, with counters %s', async (processes, where) => {
    const cost = await worst();
    const clock = new VirtualClock();
    const near = createMemoryLimitStore({ clock });
    const store = where === 'far away' ? remote(near) : near;
    const shared: BenchOptions = { clock, durable: new FakeDurable(), store };
    const first = await GovernanceBench.open(shared);
    const key = await first.key({ budgets: [{ usd: (cost * 10) / 1e9, per: 'month' }] });
    const benches = [first];
    while (benches.length < processes) benches.push(await GovernanceBench.open(shared));
    const inputTokens = Math.floor((cost - 200_000) / 1_000);
    const requests = Array.from({ length: 200 }, (_, at) => {
      const bench = benches[at % processes] as GovernanceBench;
      const handler = bench.handler(async (__, context) => {
        await context.clock.sleep(context.clock.random() * 1_000);
        return chatCompletion({ usage: usage(inputTokens, 100) });
      });
      return handler(keyed(key), bench.context());
    });
    expect(await clock.run(outcomes(requests))).toEqual({ ok: 10, budget_exceeded: 190 });
    expect(spent(first.durable)).toBeLessThanOrEqual(cost * 10);
    expect(spent(first.durable)).toBeGreaterThan(cost * 9);
  });
});

test('no false refusal: with 5 % of a budget left, small requests are served until none fits', async () => {
  const bench = await GovernanceBench.open();
  const key = await bench.key({ budgets: [{ usd: 1, per: 'month' }] });
  await bench.handler(async () => chatCompletion({ usage: usage(0, 475_000) }))(keyed(key), bench.context());
  const small = bench.handler(async () => chatCompletion({ usage: usage(20, 40) }));
  let served = 0;
  for (;;) {
    const counts = await outcomes([small(keyed(key, { max_tokens: 50 }), bench.context())]);
    if (counts['ok'] === undefined) break;
    served += 1;
  }
  // 50 000 000 nano-USD were left, of which one takes 100 000, and reserves a little more.
  expect(served).toBeGreaterThanOrEqual(498);
  expect(spent(bench.durable)).toBeLessThanOrEqual(1e9);
});

describe('requests of all lengths, at all times', () => {
  const budget = 20_000_000;

  /** Many requests at a budget for some of them. `beyond` is what answers had more than what was reserved for them. */
  async function play(admission: 'strict' | 'expected', seed: number, count: number) {
    const clock = new VirtualClock({ seed });
    const random = seededRandom(seed);
    const bench = await GovernanceBench.open({ clock, admission });
    const key = await bench.key({ budgets: [{ usd: budget / 1e9, per: 'month' }] });
    const reserved = new Map<string, number>();
    const usual = 20 + random() * 60;
    const handler = bench.handler(async (_, context) => {
      for (const lease of await bench.leases()) reserved.set(lease.id, lease.demand.cost);
      await context.clock.sleep(random() * 5_000);
      return chatCompletion({ usage: usage(10, Math.min(1_000, Math.ceil(-usual * Math.log(1 - random())))) });
    });
    const requests = Array.from({ length: count }, async (_, at) => {
      await clock.sleep(at * 20 * random());
      return handler(keyed(key, { max_tokens: 1_000 }), bench.context());
    });
    const counts = await clock.run(outcomes(requests));
    const beyond = bench.durable.answers.reduce(
      (sum, { leaseId, cost }) => sum + Math.max(0, cost - (reserved.get(leaseId ?? '') ?? 0)),
      0,
    );
    return { counts, beyond, cost: spent(bench.durable) };
  }

  test('strict: nothing is ever overspent', async () => {
    const seeds = fc.integer({ min: 1, max: 1_000_000 });
    const property = fc.asyncProperty(seeds, async (seed) => {
      const { cost, beyond, counts } = await play('strict', seed, 200);
      expect(beyond).toBe(0);
      expect(cost).toBeLessThanOrEqual(budget);
      expect(counts['ok']).toBeGreaterThan(0);
    });
    await fc.assert(property, { numRuns: 20 });
  });

  test('expected: what is overspent is at most what answers in flight had beyond what was expected of them', async () => {
    const seeds = fc.integer({ min: 1, max: 1_000_000 });
    const property = fc.asyncProperty(seeds, async (seed) => {
      const { cost, beyond } = await play('expected', seed, 600);
      expect(cost).toBeLessThanOrEqual(budget + beyond);
    });
    await fc.assert(property, { numRuns: 10 });
  });

  test('expected: far more is let through at once than the worst cases of all would allow', async () => {
    const [strict, expected] = await Promise.all([play('strict', 5, 1_500), play('expected', 5, 1_500)]);
    expect(expected.counts['ok']).toBeGreaterThan((strict.counts['ok'] ?? 0) * 1.3);
  });
});
