import { deepStrictEqual, rejects, strictEqual } from 'node:assert/strict';
import { systemClock, type JsonObject } from '@x/core';
import type { LoggedRequest } from '../durable/durable-store.ts';
import { LEDGER_CASES, type DurableCase } from './ledger-contract.ts';

const actor = { via: 'test', from: '127.0.0.1' };

/** What every durable store has to do. Each case wants a store of its own, with nothing in it. */
export function durableContract(): readonly DurableCase[] {
  return [...LEDGER_CASES, ...ENTITY_CASES, ...REQUEST_CASES];
}

const team = (data: JsonObject = { name: 'Core' }) => ({ kind: 'team', id: 'core', data }) as const;

const ENTITY_CASES: readonly DurableCase[] = [
  {
    name: 'makes, changes and deletes entities, each with a later revision',
    async run({ entities }) {
      const made = await entities.put(team(), { actor, action: 'create', expected: 0 });
      const changed = await entities.put(team({ name: 'Kern' }), { actor, action: 'update', expected: made.revision });
      strictEqual(changed.revision > made.revision, true);
      deepStrictEqual(await entities.get('team', 'core'), changed);
      deepStrictEqual(await entities.all(), [changed]);
      strictEqual(await entities.delete('team', 'core', { actor, action: 'delete' }), true);
      strictEqual(await entities.delete('team', 'core', { actor, action: 'delete' }), false);
      strictEqual(await entities.get('team', 'core'), undefined);
      deepStrictEqual(await entities.all(), []);
    },
  },
  {
    name: 'refuses a change that is made from an older state',
    async run({ entities }) {
      const made = await entities.put(team(), { actor, action: 'create', expected: 0 });
      await entities.put(team({ name: 'Kern' }), { actor, action: 'update' });
      const conflict = { kind: 'invalid_request', code: 'conflict' };
      await rejects(entities.put(team(), { actor, action: 'create', expected: 0 }), conflict);
      await rejects(entities.put(team(), { actor, action: 'update', expected: made.revision }), conflict);
      await rejects(entities.delete('team', 'core', { actor, action: 'delete', expected: made.revision }), conflict);
      strictEqual((await entities.get('team', 'core'))?.data['name'], 'Kern');
    },
  },
  {
    name: 'of many that change the same at once, from the same state, one wins',
    async run({ entities }) {
      await entities.put(team(), { actor, action: 'create' });
      const expected = (await entities.get('team', 'core'))?.revision ?? 0;
      const attempts = await Promise.allSettled(
        Array.from({ length: 10 }, (_, n) => entities.put(team({ n }), { actor, action: 'update', expected })),
      );
      strictEqual(attempts.filter(({ status }) => status === 'fulfilled').length, 1);
    },
  },
  {
    name: 'tells what has changed since, deletions too, and misses nothing while others write',
    async run({ entities }) {
      const first = await entities.put(team(), { actor, action: 'create' });
      await entities.put({ kind: 'customer', id: 'acme', data: {} }, { actor, action: 'create' });
      await entities.delete('team', 'core', { actor, action: 'delete' });
      deepStrictEqual(
        (await entities.changesSince(first.revision)).map(({ kind, data }) => [kind, data]),
        [
          ['customer', {}],
          ['team', undefined],
        ],
      );

      const seen = new Set<string>();
      let revision = 0;
      const look = async () => {
        for (const change of await entities.changesSince(revision)) {
          seen.add(change.id);
          revision = change.revision;
        }
      };
      const writes = Array.from({ length: 30 }, (_, n) =>
        entities.put({ kind: 'virtual-key', id: `vk-${n}`, data: {} }, { actor, action: 'create' }),
      );
      for (let round = 0; round < 10; round += 1) await look();
      await Promise.all(writes);
      await look();
      strictEqual([...seen].filter((id) => id.startsWith('vk-')).length, 30);

      const everything = (await entities.changesSince(0)).map((change) => change.revision);
      const page = (await entities.changesSince(0, 5)).map((change) => change.revision);
      deepStrictEqual(page, everything.slice(0, 5));
    },
  },
  {
    name: 'has every change in the audit log, newest first, with what was and what is',
    async run({ entities, audit }) {
      await entities.put(team(), { actor, action: 'create' });
      await entities.put(team({ name: 'Kern' }), { actor, action: 'update' });
      await rejects(entities.put(team(), { actor, action: 'create', expected: 0 }));
      await entities.delete('team', 'core', { actor, action: 'delete' });
      await audit.append({ ...actor, at: 1, action: 'reset', kind: 'counter', id: 'c', before: null, after: null });
      const entries = await audit.list({ kind: 'team', id: 'core' });
      deepStrictEqual(
        entries.map(({ action, before, after, via, from }) => [action, before?.['name'], after?.['name'], via, from]),
        [
          ['delete', 'Kern', undefined, 'test', '127.0.0.1'],
          ['update', 'Core', 'Kern', 'test', '127.0.0.1'],
          ['create', undefined, 'Core', 'test', '127.0.0.1'],
        ],
      );
      strictEqual((await audit.list({})).length, 4);
      strictEqual((await audit.list({ limit: 1 }))[0]?.action, 'reset');
      strictEqual((await audit.list({ before: entries[1]?.seq ?? 0 })).length, 1);
    },
  },
];

const logged = (id: string, at: number, changes: Partial<LoggedRequest> = {}): LoggedRequest => ({
  id,
  at,
  virtualKey: 'vk-1',
  served: 'openai/gpt-4o-mini',
  outcome: 'completed',
  record: { id, attempts: [] },
  requestBody: null,
  responseBody: null,
  ...changes,
});

const REQUEST_CASES: readonly DurableCase[] = [
  {
    name: 'logs requests, and finds them by key, outcome and time, newest first',
    async run({ requests }) {
      requests.add(logged('a', 1_000));
      requests.add(logged('b', 2_000, { outcome: 'failed', virtualKey: null, served: null }));
      requests.add(logged('c', 3_000, { requestBody: '{"a":"\0\ud800"}', responseBody: 'é'.repeat(10_000) }));
      requests.add(logged('c', 3_000));
      const ids = async (query: Parameters<typeof requests.list>[0]) =>
        (await requests.list(query)).map(({ id }) => id).join('');
      strictEqual(await ids({}), 'cba');
      strictEqual(await ids({ virtualKey: 'vk-1' }), 'ca');
      strictEqual(await ids({ outcome: 'failed' }), 'b');
      strictEqual(await ids({ from: 1_000, to: 3_000 }), 'ba');
      strictEqual(await ids({ limit: 1 }), 'c');
      deepStrictEqual(
        (await requests.list({ outcome: 'failed' }))[0],
        logged('b', 2_000, { outcome: 'failed', virtualKey: null, served: null }),
      );
    },
  },
  {
    name: 'lists requests a page at a time, those of the same moment too, and finds one by its id',
    async run({ requests }) {
      for (const id of ['a', 'b', 'c', 'd']) requests.add(logged(id, id === 'a' ? 1_000 : 2_000));
      const ids: string[] = [];
      let page = await requests.list({ limit: 2 });
      while (page.length > 0) {
        ids.push(...page.map(({ id }) => id));
        page = await requests.list({ limit: 2, before: page.at(-1) as LoggedRequest });
      }
      deepStrictEqual(ids, ['d', 'c', 'b', 'a']);
      deepStrictEqual(await requests.list({ id: 'b' }), [logged('b', 2_000)]);
    },
  },
  {
    name: 'forgets what is too old and what is too much',
    async run({ requests }) {
      const now = systemClock.now();
      for (let n = 0; n < 10; n += 1) requests.add(logged(`r${n}`, now - n * 1_000));
      strictEqual(await requests.prune({ maxAgeMs: 6_500, maxRows: 100 }), 3);
      strictEqual(await requests.prune({ maxAgeMs: 6_500, maxRows: 5 }), 2);
      strictEqual((await requests.list({})).length, 5);
      strictEqual(await requests.prune({ maxAgeMs: 6_500, maxRows: 5 }), 0);
    },
  },
];
