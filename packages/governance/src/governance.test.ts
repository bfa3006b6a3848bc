import { expect, test } from 'vitest';
import { GovernanceBench, keyed } from './testing/bench.ts';

test('a request of a virtual key is taken from its budget, and in the ledger before the caller has it', async () => {
  const bench = await GovernanceBench.open();
  const key = await bench.key({ budgets: [{ usd: 10, per: 'month' }] });
  const context = bench.context();
  const response = await bench.handler()(keyed(key), context);
  expect(response.stream).toBe(false);
  expect(bench.durable.answers).toMatchObject([{ virtualKey: 'key', cost: 20_000, outcome: 'ok' }]);
  expect(await bench.governance.admin.limits.read('virtual-key', 'key')).toMatchObject([{ used: 20_000, max: 1e10 }]);
  expect(await bench.leases()).toEqual([]);
  await bench.governance.close();
  expect(bench.clock.pending).toBe(0);
});
