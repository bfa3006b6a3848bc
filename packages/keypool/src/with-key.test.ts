import { failure, VirtualClock } from '@x/core/testing';
import { expect, it } from 'vitest';
import { createPool, withKey } from './index.ts';

it('calls a function with a key, and with another when the first has no room', async () => {
  const pool = createPool({
    name: 'maps',
    keys: [
      { name: 'a', value: 'x' },
      { name: 'b', value: 'y' },
    ],
  });
  const clock = new VirtualClock();
  const work = async (key: { name: string }) => {
    if (key.name === 'a') throw failure('rate_limited', { retryAfterMs: 60_000 });
    return key.name;
  };
  expect(await withKey(pool, work, { clock })).toBe('b');
  expect(await withKey(pool, work, { clock })).toBe('b');
});

it('stops when the caller does', async () => {
  const pool = createPool({ keys: [{ value: 'x' }] });
  const call = withKey(pool, async () => 'answer', { signal: AbortSignal.abort() });
  await expect(call).rejects.toMatchObject({ kind: 'cancelled' });
});
