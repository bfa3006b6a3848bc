import { VirtualClock } from '@x/core/testing';
import { createMemoryLimitStore } from '@x/store/memory';
import { expect, test, vi } from 'vitest';
import { GovernanceBench, keyed } from '../testing/bench.ts';

/** Redis stood still, had the first demand in its socket, and granted it later: to a lease that nobody knew of any more. */
test('a demand whose counters have to be told first asks again as the same lease', async () => {
  const clock = new VirtualClock();
  const store = createMemoryLimitStore({ clock });
  const acquire = vi.spyOn(store, 'acquire');
  const bench = await GovernanceBench.open({ clock, store });
  const key = await bench.key({ budgets: [{ usd: 1, per: 'day' }] });
  await bench.handler()(keyed(key), bench.context());
  const ids = acquire.mock.calls.map(([, , { leaseId }]) => leaseId);
  expect(acquire.mock.results.map(({ value }) => (value as { type: string }).type)).toEqual(['unseeded', 'granted']);
  expect(new Set(ids).size).toBe(1);
});
