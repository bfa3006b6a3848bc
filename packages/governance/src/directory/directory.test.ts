import { VirtualClock } from '@x/core/testing';
import { createMemoryLimitStore } from '@x/store/memory';
import { expect, test } from 'vitest';
import { describeKey } from '../identity/virtual-key-secret.ts';
import { Directory } from './directory.ts';
import { DirectoryFeed } from './directory-feed.ts';
import { FakeDurable } from '../testing/fake-durable.ts';
import { actor } from '../testing/bench.ts';

const secret = (name: string) => describeKey(`xk-${name.padEnd(32, '.')}`);

function keyData(name: string, data: object = {}) {
  const { keyHash, prefix } = secret(name);
  return { name, enabled: true, keyHash, prefix, createdAt: 0, ...data };
}

const empty = () => new Directory(createMemoryLimitStore({ clock: new VirtualClock() }));

test('a key is found by what its holder sends, before and after it is known', () => {
  const directory = empty();
  const { key } = secret('a');
  expect(directory.find(key)).toBeUndefined();
  directory.apply({ kind: 'virtual-key', id: 'a', revision: 1, data: keyData('a') });
  const found = directory.find(key);
  expect(found?.row.id).toBe('a');
  expect(directory.find(key)).toBe(found);
});

test('what is known of a key goes with every change of it, its team or its customer', () => {
  const directory = empty();
  directory.apply({ kind: 'customer', id: 'c', revision: 1, data: { name: 'C', enabled: true } });
  directory.apply({ kind: 'team', id: 't', revision: 2, data: { name: 'T', enabled: true, customer: 'c' } });
  directory.apply({ kind: 'virtual-key', id: 'a', revision: 3, data: keyData('a', { team: 't' }) });
  const { key } = secret('a');
  const tenant = () => {
    const row = directory.find(key)?.row;
    return row && directory.tenantOf(row);
  };
  const before = tenant();
  expect(before?.levels.map(({ name }) => name)).toEqual(['C', 'T', 'a']);
  expect(before?.root).toBe('customer/c');
  expect(tenant()).toBe(before);
  directory.apply({ kind: 'customer', id: 'c', revision: 4, data: { name: 'C2', enabled: true } });
  expect(tenant()?.levels[0]?.name).toBe('C2');
  directory.apply({ kind: 'virtual-key', id: 'a', revision: 5, data: keyData('a', { name: 'again' }) });
  expect(tenant()?.root).toBe('virtual-key/a');
  directory.apply({ kind: 'virtual-key', id: 'a', revision: 6, data: undefined });
  expect(tenant()).toBeUndefined();
});

test('an older change never undoes a newer one', () => {
  const directory = empty();
  directory.apply({ kind: 'customer', id: 'c', revision: 7, data: { name: 'new', enabled: true } });
  directory.apply({ kind: 'customer', id: 'c', revision: 6, data: { name: 'old', enabled: true } });
  expect(directory.get('customer', 'c')?.data.name).toBe('new');
  expect(directory.revision).toBe(7);
});

test('a key that moved to another hash is not found by the old one', () => {
  const directory = empty();
  directory.apply({ kind: 'virtual-key', id: 'a', revision: 1, data: keyData('a') });
  const previous = { keyHash: secret('a').keyHash, validUntil: 10 };
  directory.apply({ kind: 'virtual-key', id: 'a', revision: 2, data: keyData('b', { previous }) });
  expect([directory.find(secret('a').key)?.previous, directory.find(secret('b').key)?.previous]).toEqual([true, false]);
  directory.apply({ kind: 'virtual-key', id: 'a', revision: 3, data: keyData('b') });
  expect(directory.find(secret('a').key)).toBeUndefined();
});

test('100,000 keys are there with less than three seconds of work', () => {
  const directory = empty();
  const rules = { budgets: [{ usd: 100, per: 'month' }], limits: [{ unit: 'requests', max: 100, per: 'minute' }] };
  const changes = Array.from({ length: 100_000 }, (_, at) => {
    const keyHash = `${at}`.padStart(43, '0');
    const data = { name: `key ${at}`, enabled: true, keyHash, prefix: 'xk-', createdAt: 0, ...rules };
    return { kind: 'virtual-key' as const, id: `key-${at}`, revision: at + 1, data };
  });
  // Work and not time, since other tests may be at work too. Microseconds.
  const before = process.cpuUsage();
  for (const change of changes) directory.apply(change);
  const { user, system } = process.cpuUsage(before);
  expect(user + system).toBeLessThan(3_000_000);
  expect(directory.get('virtual-key', 'key-99999')?.data.budgets).toEqual(rules.budgets);
});

test('keys of many callers are remembered, and no more of them than are bounded', () => {
  const directory = empty();
  for (let at = 0; at < 10_050; at += 1) {
    directory.apply({ kind: 'virtual-key', id: `k${at}`, revision: at + 1, data: keyData(`k${at}`) });
  }
  for (let at = 0; at < 10_050; at += 1) expect(directory.find(secret(`k${at}`).key)?.row.id).toBe(`k${at}`);
  expect(directory.count('virtual-key')).toBe(10_050);
});

test('a feed reads any number of entities, a page at a time', async () => {
  const durable = new FakeDurable();
  for (let at = 0; at < 2_500; at += 1) {
    const data = { name: `${at}`, enabled: true };
    durable.changes.push({ kind: 'customer', id: `c${at}`, revision: at + 1, data });
  }
  const directory = empty();
  const clock = new VirtualClock();
  const feed = new DirectoryFeed({ directory, entities: durable.entities, clock, pollMs: 500 });
  await feed.start();
  expect([directory.count('customer'), directory.revision]).toEqual([2_500, 2_500]);
  feed.close();
});

test('a feed takes in changes of others, through an outage', async () => {
  const clock = new VirtualClock();
  const durable = new FakeDurable();
  const directory = empty();
  const feed = new DirectoryFeed({ directory, entities: durable.entities, clock, pollMs: 500 });
  await feed.start();
  const put = async (id: string) =>
    durable.entities.put({ kind: 'customer', id, data: { name: id, enabled: true } }, { actor, action: 'create' });
  await put('a');
  await clock.advance(500);
  expect(directory.count('customer')).toBe(1);
  durable.away = new Error('away');
  await clock.advance(500);
  expect([directory.count('customer'), feed.failingSince]).toEqual([1, clock.now()]);
  durable.away = undefined;
  await put('b');
  await clock.advance(500);
  expect([directory.count('customer'), feed.failingSince]).toEqual([2, undefined]);
  feed.close();
  expect(clock.pending).toBe(0);
});
