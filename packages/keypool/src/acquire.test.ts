import { failure, VirtualClock } from '@x/core/testing';
import { expect, it } from 'vitest';
import { createPool } from './index.ts';

const pool = () =>
  createPool({
    name: 'maps',
    keys: [
      { name: 'a', value: 'x', rpm: 60 },
      { name: 'b', value: 'y', rpm: 60 },
    ],
  });

it('hands out keys, and waits for room', async () => {
  const clock = new VirtualClock();
  const maps = pool();
  for (let i = 0; i < 120; i += 1) (await maps.acquire({}, { clock })).settle();
  const before = clock.now();
  const lease = await clock.run(maps.acquire({}, { clock }));
  expect(lease.key.value).toMatch(/[xy]/);
  expect(clock.now() - before).toBe(1_000);
  lease.settle();
  expect(maps.snapshot(clock.now()).map(({ inFlight }) => inFlight)).toEqual([0, 0]);
});

it('refuses at once when there will be no room in time', async () => {
  const clock = new VirtualClock();
  const maps = pool();
  for (let i = 0; i < 120; i += 1) (await maps.acquire({}, { clock })).settle();
  await expect(maps.acquire({}, { clock, maxWaitMs: 0 })).rejects.toMatchObject({
    kind: 'pool_exhausted',
    retryAfterMs: 1_000,
  });
  await expect(maps.acquire({ requests: 50 }, { clock })).rejects.toMatchObject({
    kind: 'pool_exhausted',
    retryAfterMs: 50_000,
  });
});

it('learns from what the lease is settled with', async () => {
  const clock = new VirtualClock();
  const openai = createPool({ name: 'openai', keys: [{ name: 'a', value: 'x' }] });
  const lease = await openai.acquire({}, { clock, model: 'gpt-4o' });
  lease.settle({
    headers: {
      'x-ratelimit-limit-requests': '60',
      'x-ratelimit-remaining-requests': '0',
      'x-ratelimit-reset-requests': '60s',
    },
  });
  lease.settle({ error: failure('authentication') });
  // One request, and half a second of refill that is kept back.
  expect(openai.opensIn('gpt-4o', clock.now())).toBe(1_500);
});

it('a failure says by its kind what follows', async () => {
  const clock = new VirtualClock();
  const maps = pool();
  (await maps.acquire({}, { clock })).settle({ error: failure('rate_limited', { retryAfterMs: 5_000 }) });
  expect(maps.snapshot(clock.now()).map(({ state }) => state)).toEqual(['cooling', 'open']);
});

it('stops when the caller does, before and while it waits', async () => {
  const clock = new VirtualClock();
  const maps = pool();
  await expect(maps.acquire({}, { clock, signal: AbortSignal.abort() })).rejects.toMatchObject({ kind: 'cancelled' });
  for (let i = 0; i < 120; i += 1) (await maps.acquire({}, { clock })).settle();
  const controller = new AbortController();
  const waiting = maps.acquire({}, { clock, signal: controller.signal });
  controller.abort();
  await expect(waiting).rejects.toMatchObject({ kind: 'cancelled' });
  expect(clock.pending).toBe(0);
});

it('a cost that is no number is refused with its name', async () => {
  await expect(pool().acquire({ tokens: NaN })).rejects.toThrow(/cost\.tokens.*NaN/);
});
