import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createContext, pipeline, systemClock, Trail, TRAIL, type LlmRequest, type LlmResponse } from '@x/core';
import { chatCompletion, VirtualClock } from '@x/core/testing';
import type { DurableStore } from '@x/store';
import { createMemoryLimitStore } from '@x/store/memory';
import { openSqliteStore } from '@x/store/sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createGovernance, type Governance } from '../governance.ts';
import { actor, findModel, keyed, usage } from '../testing/bench.ts';

let folder: string;
let durable: DurableStore;
let governance: Governance;

async function open(): Promise<void> {
  durable = await openSqliteStore({ path: join(folder, 'gateway.db') });
  governance = await createGovernance({ store: createMemoryLimitStore(), durable, findModel });
}

async function close(): Promise<void> {
  await governance.close();
  await durable.close();
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'governance-'));
  await open();
});

afterEach(async () => {
  await close();
  await rm(folder, { recursive: true });
});

const handler = (of: Governance) =>
  pipeline<LlmRequest, LlmResponse>([of.identify(), of.authorize()], async () =>
    chatCompletion({ usage: usage(20, 10) }),
  );

const context = () => createContext({}, TRAIL.of(new Trail()));

test('what was spent is known after a restart, from the ledger of a real store', async () => {
  const { admin } = governance;
  await admin.customers.create({ name: 'Acme', budgets: [{ usd: 0.000_05, per: 'month' }] }, { id: 'acme', actor });
  const limits = [{ unit: 'requests' as const, max: 10, per: 'day' as const }];
  const { key } = await admin.virtualKeys.create({ name: 'a', customer: 'acme', limits }, { id: 'a', actor });
  const request = keyed(key, { max_tokens: 1 });
  await handler(governance)(request, context());
  await close();
  await open();
  await expect(handler(governance)(request, context())).rejects.toMatchObject({ code: 'budget_exceeded' });
  expect(await governance.admin.limits.read('customer', 'acme')).toMatchObject([{ used: 40_000, max: 50_000 }]);
  expect(await governance.admin.limits.read('virtual-key', 'a')).toMatchObject([{ used: 1 }]);
  const now = systemClock.now();
  const query = { customer: 'acme', from: now - 60_000, to: now + 60_000, groupBy: ['model' as const] };
  expect(await governance.admin.usage(query)).toMatchObject([
    { group: { model: 'gpt-4o-mini' }, requests: 1, cost: 40_000 },
  ]);
});

test('a revocation by one process reaches another over the store they share', async () => {
  const { key } = await governance.admin.virtualKeys.create({ name: 'a' }, { id: 'a', actor });
  const clock = new VirtualClock();
  const other = await createGovernance({ store: createMemoryLimitStore(), durable, findModel, clock });
  const ask = () => handler(other)(keyed(key), context());
  await ask();
  await governance.admin.virtualKeys.revoke('a', { actor });
  await clock.advance(500);
  await expect(ask()).rejects.toMatchObject({ code: 'virtual_key_revoked' });
  await other.close();
  expect((await governance.admin.audit({})).map(({ action }) => action)).toEqual(['revoke', 'create']);
});
