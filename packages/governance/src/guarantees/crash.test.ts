import { chatCompletion, VirtualClock } from '@x/core/testing';
import { createMemoryLimitStore } from '@x/store/memory';
import { describe, expect, test } from 'vitest';
import { GovernanceBench, keyed, usage } from '../testing/bench.ts';
import { FakeDurable } from '../testing/fake-durable.ts';
import { withoutSettling } from '../testing/other-stores.ts';
import { outcomes, spent } from '../testing/outcomes.ts';

describe('a process that dies', () => {
  const budgets = [{ usd: 1, per: 'month' }];

  async function crash(at: 'after the call' | 'after the append') {
    const clock = new VirtualClock();
    const durable = new FakeDurable();
    // Counters that are shared, as in Redis, and outlive the process.
    const store = createMemoryLimitStore({ clock });
    const dead = await GovernanceBench.open({
      clock,
      durable,
      store: at === 'after the append' ? withoutSettling(store) : store,
    });
    const key = await dead.key({ budgets });
    if (at === 'after the call') {
      // It is at work for ever.
      void dead.handler(() => new Promise(() => undefined))(keyed(key), dead.context());
    } else {
      await dead.handler()(keyed(key), dead.context());
    }
    await clock.advance(1);
    // Nobody renews any more.
    dead.governance.close().catch(() => undefined);
    await clock.advance(1);
    const next = await GovernanceBench.open({ clock, durable, store });
    return { clock, durable, next, key };
  }

  test.each([
    ['after the call' as const, 0],
    ['after the append' as const, 20_000],
  ])('%s: its lease expires, and counts as much as the ledger has', async (at, counted) => {
    const { clock, next, key } = await crash(at);
    expect(await next.leases()).toHaveLength(1);
    await clock.advance(61_000);
    await next.handler()(keyed(key), next.context());
    await clock.advance(0);
    expect(await next.leases()).toEqual([]);
    expect((await next.governance.admin.limits.read('virtual-key', 'key'))[0]?.used).toBe(counted + 20_000);
  });

  test('counters that are lost are told by the ledger what was spent, once for all who wait', async () => {
    const clock = new VirtualClock();
    const durable = new FakeDurable();
    const before = await GovernanceBench.open({ clock, durable });
    const key = await before.key({ budgets: [{ usd: 0.001, per: 'month' }] });
    const spend = (bench: GovernanceBench) =>
      bench.handler(async () => chatCompletion({ usage: usage(100, 100) }))(keyed(key), bench.context());
    for (let at = 0; at < 2; at += 1) await spend(before);
    const after = await GovernanceBench.open({ clock, durable });
    durable.reads = 0;
    const counts = await outcomes(Array.from({ length: 20 }, () => spend(after)));
    expect(durable.reads).toBe(1);
    expect(counts['ok']).toBeLessThan(3);
    expect(spent(durable)).toBeLessThanOrEqual(1_000_000);
  });
});
