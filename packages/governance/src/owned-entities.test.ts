import { readFileSync } from 'node:fs';
import { VirtualClock } from '@x/core/testing';
import { createMemoryLimitStore } from '@x/store/memory';
import { expect, test } from 'vitest';
import { Directory } from './directory/directory.ts';
import { applyOwned, type OwnedEntities } from './owned-entities.ts';

test('the entities of docs/governance.md are what they are said to be', () => {
  const page = readFileSync(new URL('../../../docs/governance.md', import.meta.url), 'utf8');
  const [, sample = ''] = /```json gateway\n(.*?)```/s.exec(page) ?? [];
  const key = 'xk-0123456789abcdefghijklmnopqrstuv';
  const { governance } = JSON.parse(sample.replaceAll(/env\.\w*KEY\w*/g, key)) as { governance: OwnedEntities };
  const directory = new Directory(createMemoryLimitStore({ clock: new VirtualClock() }));
  applyOwned(directory, governance);
  const found = directory.find(key);
  const tenant = found && directory.tenantOf(found.row);
  expect(tenant?.owner).toEqual({ customer: 'acme', team: 'search', virtualKey: 'indexer' });
  expect(tenant?.rulesFor('anthropic').limits.map(({ limit }) => limit.id)).toEqual([
    'customer/acme/cost/month-Europe/Berlin',
    'team/search/cost/rolling-86400000',
    'virtual-key/indexer/requests/rolling-60000',
    'virtual-key/indexer/tokens/bucket-60000',
    'virtual-key/indexer/concurrent/held',
    'virtual-key/indexer@anthropic/cost/day-UTC',
  ]);
  expect(tenant?.denial({ provider: 'openai', model: 'gpt-4o-mini' })).toBeUndefined();
  expect(tenant?.denial({ provider: 'openai', model: 'o3' })?.level.name).toBe('Search');
});
