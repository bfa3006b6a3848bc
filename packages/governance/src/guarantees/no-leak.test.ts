import { discard } from '@x/core';
import { chatCompletion, chatStream, failure, seededRandom, VirtualClock } from '@x/core/testing';
import { createMemoryLimitStore, type MemoryLimitStore } from '@x/store/memory';
import { describe, expect, test } from 'vitest';
import { actor, GovernanceBench, keyed, usage } from '../testing/bench.ts';
import { remote } from '../testing/other-stores.ts';
import { outcomes, spent } from '../testing/outcomes.ts';

describe('no leak', () => {
  const near = (store: MemoryLimitStore) => store;

  test.each([
    ['in this process', near],
    ['far away', remote],
  ])('cancels, breaks, refusals and failures at random leave nothing held: counters %s', async (_, place) => {
    const clock = new VirtualClock({ seed: 3 });
    const random = seededRandom(21);
    const bench = await GovernanceBench.open({ clock, store: place(createMemoryLimitStore({ clock })) });
    const { admin } = bench.governance;
    await admin.customers.create(
      { name: 'C', limits: [{ unit: 'concurrent', max: 50 }], budgets: [{ usd: 100, per: 'day' }] },
      { id: 'c', actor },
    );
    const limits = [
      { unit: 'concurrent', max: 20 },
      { unit: 'requests', max: 5_000, per: 'minute' },
    ];
    const key = await bench.key({ customer: 'c', limits, budgets: [{ usd: 50, per: 'month' }] });
    const handler = bench.handler(async ({ stream }, context) => {
      await context.clock.sleep(random() * 300, context.signal);
      if (random() < 0.2) throw failure('server_error');
      if (!stream) return chatCompletion({ usage: usage(10, 5) });
      return chatStream({ usage: usage(10, 5), ...(random() < 0.3 ? { breaksWith: new Error('cut') } : {}) });
    });
    const requests = Array.from({ length: 3_000 }, async (__, at) => {
      await clock.sleep(at * 5 * random());
      const controller = new AbortController();
      const leaves = random() < 0.3 ? clock.sleep(random() * 300).then(() => controller.abort()) : undefined;
      const request = keyed(key, { stream: random() < 0.6 });
      const response = await handler(request, bench.context({ signal: controller.signal }));
      await leaves;
      const how = random();
      if (!response.stream) return response;
      if (how < 0.3) await discard(response);
      else for await (const _event of response) if (how < 0.6) break;
      return response;
    });
    const counts = await clock.run(outcomes(requests));
    await clock.run(bench.governance.close());
    expect(counts['ok']).toBeGreaterThan(500);
    expect(counts['cancelled']).toBeGreaterThan(100);
    expect(counts['limit_exceeded']).toBeGreaterThan(10);
    expect(await bench.leases('customer', 'c')).toEqual([]);
    expect(bench.governance.health.leases).toBe(0);
    const states = [...(await admin.limits.read('customer', 'c')), ...(await admin.limits.read('virtual-key', 'key'))];
    expect(states.filter(({ unit }) => unit === 'concurrent').map(({ used }) => used)).toEqual([0, 0]);
    const cost = states.filter(({ unit }) => unit === 'cost');
    expect(cost.map(({ used }) => used)).toEqual([spent(bench.durable), spent(bench.durable)]);
    expect(clock.pending).toBe(0);
  });
});
