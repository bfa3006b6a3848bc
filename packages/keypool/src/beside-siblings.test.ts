import { createContext, CREDENTIAL, SIBLINGS, type Credential, type Siblings, type Targeted } from '@x/core';
import { scripted, VirtualClock } from '@x/core/testing';
import { expect, test } from 'vitest';
import { createPool } from './key-pool.ts';
import { keypool } from './keypool.ts';

const request: Targeted = { target: { provider: 'test', model: 'm' } };

function site(limits: { rpm?: number; concurrency?: number } = {}, names = ['a', 'b']) {
  const clock = new VirtualClock();
  const keys = names.map((name) => ({ name, value: `secret-${name}`, ...limits }));
  const pool = createPool({ name: 'test', keys, env: {} });
  const layer = keypool({ pools: { test: pool } });
  const inner = scripted<Targeted, string>('answer');
  const call = (siblings?: Siblings) =>
    layer(inner)(request, createContext({ clock }, ...(siblings === undefined ? [] : [SIBLINGS.of(siblings)])));
  const used = () => inner.calls.map(({ context }) => context.get(CREDENTIAL)?.name);
  return { clock, pool, call, used };
}

const siblings = (spareRoom: number, keys = new Set<Credential>()): Siblings => ({ keys, spareRoom });

test('a sibling gets another key where there is one', async () => {
  const { call, used } = site();
  for (let round = 0; round < 5; round += 1) {
    const keys = new Set<Credential>();
    await call(siblings(0, keys));
    await call(siblings(0.2, keys));
    expect(keys.size).toBe(2);
  }
  expect(used()).toHaveLength(10);
});

test('and the same one where there is none', async () => {
  const { call, used } = site({}, ['a']);
  const keys = new Set<Credential>();
  await call(siblings(0, keys));
  await call(siblings(0.2, keys));
  expect(used()).toEqual(['a', 'a']);
});

test('and the same one where the others have no room', async () => {
  const { call, used, pool, clock } = site({ concurrency: 2 });
  const keys = new Set<Credential>();
  await call(siblings(0, keys));
  const [first] = used();
  const others = [1, 2, 3, 4].map(() => pool.take('m', clock.now()));
  for (const lease of others) if (lease !== undefined && lease.key.credential.name === first) pool.release(lease);
  await call(siblings(0.2, keys));
  expect(used()).toEqual([first, first]);
});

test('what a request can do without is refused at once where less than its part of the room is left', async () => {
  const { call, used } = site({ rpm: 10 }, ['a']);
  for (let count = 0; count < 9; count += 1) await call();
  await expect(call(siblings(0.2))).rejects.toMatchObject({
    kind: 'pool_exhausted',
    code: 'no_room_to_spare',
    retryAfterMs: undefined,
  });
  await call(siblings(0));
  expect(used()).toHaveLength(10);
});

test('calls at the same time are room too', async () => {
  const { pool, call, clock } = site({ concurrency: 4 }, ['a']);
  const held = [1, 2, 3, 4].map(() => pool.take('m', clock.now()));
  for (const lease of held.slice(0, 1)) if (lease !== undefined) pool.release(lease, clock.now());
  await expect(call(siblings(0.5))).rejects.toMatchObject({ code: 'no_room_to_spare' });
  for (const lease of held.slice(1, 2)) if (lease !== undefined) pool.release(lease, clock.now());
  expect(await call(siblings(0.5))).toBe('answer');
});

test('nobody who waits is overtaken by a call that its request can do without', async () => {
  const { pool, call, clock } = site({ concurrency: 1 }, ['a', 'b']);
  const held = [1, 2].map(() => pool.take('m', clock.now()));
  const waiting = pool.acquire({}, { model: 'm', clock });
  await expect(call(siblings(0.01))).rejects.toMatchObject({ code: 'no_room_to_spare' });
  for (const lease of held) if (lease !== undefined) pool.release(lease, clock.now());
  await clock.run(waiting);
});
