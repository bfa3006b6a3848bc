import type { PipelineError } from '@x/core';
import { VirtualClock } from '@x/core/testing';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { customerSchema, teamSchema, virtualKeyInputSchema } from '../entities/entities.ts';
import { ownedEntitiesSchema } from '../owned-entities.ts';
import { actor, GovernanceBench, keyed } from '../testing/bench.ts';
import { usageQuerySchema } from './usage-query.ts';

async function failed(work: Promise<unknown> | (() => unknown)): Promise<PipelineError> {
  return Promise.resolve()
    .then(() => (typeof work === 'function' ? work() : work))
    .then(
      () => expect.unreachable('it was done'),
      (error: PipelineError) => error,
    );
}

async function open(options = {}) {
  const bench = await GovernanceBench.open(options);
  return { bench, admin: bench.governance.admin };
}

describe('entities', () => {
  test('are created, read, changed and deleted, and each change is audited', async () => {
    const { bench, admin } = await open();
    await admin.customers.create({ name: 'Acme' }, { id: 'acme', actor });
    await admin.teams.create({ name: 'Search', customer: 'acme', metadata: { a: 'b' } }, { id: 'search', actor });
    await admin.teams.update('search', { name: 'Find', metadata: null }, { actor });
    expect(admin.teams.get('search')).toEqual({
      id: 'search',
      owner: 'store',
      revision: 3,
      data: { name: 'Find', enabled: true, customer: 'acme' },
    });
    expect((await failed(admin.customers.delete('acme', { actor }))).message).toBe('team "search" belongs to it');
    await admin.teams.delete('search', { actor });
    await admin.customers.delete('acme', { actor });
    expect(admin.customers.list()).toEqual([]);
    expect((await admin.audit()).map(({ action, kind }) => `${action} ${kind}`)).toEqual([
      'delete customer',
      'delete team',
      'update team',
      'create team',
      'create customer',
    ]);
    expect(bench.durable.entries.every(({ via }) => via === 'test')).toBe(true);
  });

  test.each([
    ['invalid_field', 'name', { name: 5 }, 'a'],
    ['invalid_field', 'customer', { name: 'x', customer: 'nobody' }, 'a'],
    ['invalid_field', 'id', { name: 'x' }, '../etc'],
    ['conflict', 'id', { name: 'x' }, 'taken'],
  ])('%s in %s', async (code, param, input, id) => {
    const { admin } = await open();
    await admin.teams.create({ name: 'x' }, { id: 'taken', actor });
    expect(await failed(admin.teams.create(input as never, { id, actor }))).toMatchObject({ code, param });
  });

  test('of which there is none are not found', async () => {
    const { admin } = await open();
    for (const work of [
      () => admin.teams.get('a'),
      () => admin.teams.update('a', {}, { actor }),
      () => admin.virtualKeys.revoke('a', { actor }),
      () => admin.limits.read('team', 'a'),
    ]) {
      expect((await failed(work)).code).toBe('entity_not_found');
    }
  });

  test('that somebody else has changed meanwhile are not overwritten', async () => {
    const { admin } = await open();
    const { revision } = await admin.teams.create({ name: 'one' }, { id: 'a', actor });
    await admin.teams.update('a', { name: 'two' }, { actor });
    const late = admin.teams.update('a', { name: 'three' }, { actor, revision: revision ?? 0 });
    expect((await failed(late)).code).toBe('conflict');
  });

  test('are listed a page at a time, or by owner', async () => {
    const { admin } = await open();
    await admin.teams.create({ name: 't' }, { id: 't', actor });
    for (const id of ['a', 'b', 'c', 'd']) {
      await admin.virtualKeys.create({ name: id, ...(id < 'c' ? { team: 't' } : {}) }, { id, actor });
    }
    const ids = (query: object) => admin.virtualKeys.list(query).map(({ id }) => id);
    expect([ids({}), ids({ limit: 2 }), ids({ after: 'b', limit: 1 }), ids({ team: 't' })]).toEqual([
      ['a', 'b', 'c', 'd'],
      ['a', 'b'],
      ['c'],
      ['a', 'b'],
    ]);
    // A page begins where the one before ended, though its last one has changed, or is gone.
    await admin.virtualKeys.update('b', { name: 'other' }, { actor });
    expect(ids({ after: 'b' })).toEqual(['c', 'd']);
    await admin.virtualKeys.delete('b', { actor });
    expect(ids({ after: 'b' })).toEqual(['c', 'd']);
  });
});

describe('virtual keys', () => {
  test('are shown once, and kept as a hash that nobody sees', async () => {
    const { bench, admin } = await open();
    const { key, virtualKey } = await admin.virtualKeys.create({ name: 'a' }, { actor });
    expect(key).toMatch(/^xk-[\w-]{32}$/);
    expect(virtualKey.data).toEqual({
      name: 'a',
      enabled: true,
      prefix: key.slice(0, 8),
      createdAt: bench.clock.now(),
      status: 'active',
      previousValidUntil: undefined,
    });
    await admin.virtualKeys.rotate(virtualKey.id, { actor });
    const everything = JSON.stringify([bench.durable.changes, bench.durable.entries, admin.virtualKeys.list()]);
    expect(everything).not.toContain(key);
    expect(JSON.stringify(admin.virtualKeys.list())).not.toContain('keyHash');
  });

  test('change in what is for operators to change', async () => {
    const { admin } = await open();
    await admin.virtualKeys.create({ name: 'a', team: undefined }, { id: 'a', actor });
    await admin.virtualKeys.update('a', { limits: [{ unit: 'concurrent', max: 1 }], enabled: false }, { actor });
    expect(admin.virtualKeys.get('a').data).toMatchObject({ status: 'disabled', limits: [{ max: 1 }] });
    for (const name of ['keyHash', 'prefix', 'createdAt', 'revokedAt', 'previous']) {
      const error = await failed(admin.virtualKeys.update('a', { [name]: 1 }, { actor }));
      expect([error.code, error.message]).toEqual(['invalid_field', expect.stringContaining(name)]);
    }
  });

  test('that are revoked stay revoked', async () => {
    const { admin } = await open();
    await admin.virtualKeys.create({ name: 'a' }, { id: 'a', actor });
    await admin.virtualKeys.revoke('a', { actor });
    const { revision } = await admin.virtualKeys.revoke('a', { actor });
    expect(admin.virtualKeys.get('a')).toMatchObject({ revision, data: { status: 'revoked' } });
    expect((await failed(admin.virtualKeys.rotate('a', { actor }))).code).toBe('conflict');
    await expect(admin.virtualKeys.rotate('a', { actor, graceMs: -1 })).rejects.toThrow('graceMs');
  });
});

describe('the configuration', () => {
  const key = `xk-${'c'.repeat(32)}`;
  const entities = {
    teams: { search: { name: 'Search' } },
    virtualKeys: { main: { name: 'Main', team: 'search', key } },
  };

  test('owns what stands in it', async () => {
    const { bench, admin } = await open({ entities });
    await bench.handler()(keyed(key), bench.context());
    expect(admin.virtualKeys.get('main')).toMatchObject({ owner: 'configuration', revision: null });
    for (const work of [
      () => admin.teams.update('search', { name: 'x' }, { actor }),
      () => admin.virtualKeys.revoke('main', { actor }),
      () => admin.virtualKeys.rotate('main', { actor }),
      () => admin.virtualKeys.delete('main', { actor }),
    ]) {
      expect((await failed(work)).code).toBe('owned_by_configuration');
    }
    expect(bench.durable.changes).toEqual([]);
  });

  test('may change, and what it no longer names is gone, or the store’s', async () => {
    const { bench, admin } = await open();
    await admin.teams.create({ name: 'of the store' }, { id: 'search', actor });
    bench.governance.configure(entities);
    expect(admin.teams.get('search').data.name).toBe('Search');
    await bench.clock.run(bench.clock.sleep(1));
    bench.durable.away = new Error('gone');
    bench.governance.configure({});
    await bench.clock.run(bench.clock.sleep(600));
    expect((await failed(() => admin.teams.get('search'))).code).toBe('entity_not_found');
    // Read when the store is there again.
    bench.durable.away = undefined;
    await bench.clock.run(bench.clock.sleep(600));
    expect(admin.teams.get('search').data.name).toBe('of the store');
    expect((await failed(bench.handler()(keyed(key), bench.context()))).code).toBe('virtual_key_unknown');
  });

  test('that makes no sense from the beginning leaves nothing running', async () => {
    const clock = new VirtualClock();
    const wrong = { teams: { a: { name: 'a', customer: 'nobody' } } };
    expect((await failed(GovernanceBench.open({ clock, entities: wrong }))).param).toBe('customer');
    expect(clock.pending).toBe(0);
  });

  test.each([
    [{ virtualKeys: { main: { name: 'a', key: 'xk-short' } } }, 'virtualKeys.main.key'],
    [{ virtualKeys: { main: { name: 'a', key, team: 'nobody' } } }, 'team'],
    [{ teams: { a: { name: 'a', customer: 'nobody' } } }, 'customer'],
    [{ tems: {} }, 'tems'],
  ])('that makes no sense changes nothing: %j', async (wrong, param) => {
    const { bench, admin } = await open({ entities });
    expect(await failed(() => bench.governance.configure(wrong as never))).toMatchObject({
      code: 'invalid_field',
      param,
    });
    expect(admin.virtualKeys.get('main').data.name).toBe('Main');
  });
});

describe('counters', () => {
  test('are read, and set back', async () => {
    const { bench, admin } = await open();
    const limits = [{ unit: 'requests', max: 1, per: 'minute' }];
    const key = await bench.key({ limits, providers: { openai: { budgets: [{ usd: 1, per: 'day' }] } } });
    await bench.handler()(keyed(key), bench.context());
    const [requests, cost] = await admin.limits.read('virtual-key', 'key');
    expect(requests).toMatchObject({ used: 1, max: 1, provider: null, description: 'limit of 1 requests per minute' });
    expect(cost).toMatchObject({ used: 20_000, provider: 'openai', description: 'budget of 1 USD per day at openai' });
    await admin.limits.reset('virtual-key', 'key', { actor, limit: requests?.id });
    expect((await admin.limits.read('virtual-key', 'key')).map(({ used }) => used)).toEqual([0, 20_000]);
    await bench.handler()(keyed(key), bench.context());
    const [entry] = await admin.audit();
    expect(entry).toMatchObject({ action: 'reset', id: 'key', before: { limits: [{ id: requests?.id, used: 1 }] } });
    const nothing = admin.limits.reset('virtual-key', 'key', { actor, limit: 'no-such' });
    expect((await failed(nothing)).code).toBe('entity_not_found');
  });

  test('stay set back when they are lost, and told by the ledger anew', async () => {
    const { bench, admin } = await open();
    const budgets = [
      { usd: 1, per: 'day' },
      { usd: 9, per: 'forever' },
    ];
    const key = await bench.key({ budgets });
    await bench.handler()(keyed(key), bench.context());
    await bench.clock.advance(1_000);
    const [day] = await admin.limits.read('virtual-key', 'key');
    await admin.limits.reset('virtual-key', 'key', { actor, limit: day?.id });
    await bench.clock.advance(1_000);
    await bench.handler()(keyed(key), bench.context());
    await bench.governance.close();

    const { clock, durable } = bench;
    const restarted = await GovernanceBench.open({ clock, durable });
    await restarted.handler()(keyed(key), restarted.context());
    const used = (await restarted.governance.admin.limits.read('virtual-key', 'key')).map((limit) => limit.used);
    expect(used).toEqual([40_000, 60_000]);
    await restarted.governance.close();
  });
});

test('usage is asked for by level and time, and a question that makes no sense is told so', async () => {
  const { bench, admin } = await open();
  const key = await bench.key();
  await bench.handler()(keyed(key), bench.context());
  const from = bench.clock.now();
  const query = { virtualKey: 'key', from, to: from + 1, groupBy: [] };
  expect(await admin.usage(query)).toMatchObject([{ requests: 1, cost: 20_000 }]);
  expect(await failed(admin.usage({ ...query, to: from }))).toMatchObject({ param: 'to' });
  expect(await failed(admin.usage({ ...query, groupBy: ['colour' as never] }))).toMatchObject({ param: 'groupBy[0]' });
  const [row] = bench.durable.answers;
  expect(await admin.request(row?.requestId ?? '')).toHaveLength(1);
});

test.each(Object.entries({ customerSchema, teamSchema, virtualKeyInputSchema, ownedEntitiesSchema, usageQuerySchema }))(
  '%s can be published as a JSON schema that takes nothing unknown',
  (_, schema) => {
    const published = z.toJSONSchema(schema, { io: 'input' });
    expect(published).toMatchObject({ type: 'object', additionalProperties: false });
  },
);
