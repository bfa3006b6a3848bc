import { createClient } from '@redis/client';
import { systemClock } from '@x/core';
import { needs, startRedis, type RedisServer } from '@x/test-servers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createSharedDeadlines, fromNodeRedis } from './index.ts';

const connectTo = (url: string) => createClient({ url }).connect();

describe.skipIf(needs('own-redis').missing)(`deadlines in Redis${needs('own-redis').note}`, () => {
  let server: RedisServer;
  let client: Awaited<ReturnType<typeof connectTo>>;
  const open = (name: string) => createSharedDeadlines({ client: fromNodeRedis(client) }, name);

  beforeAll(async () => {
    server = await startRedis({ own: true });
    client = await connectTo(server.url);
  });
  afterAll(async () => {
    await client.close();
    await server.stop();
  });

  test('of two with one name the later holds, whoever tells it', async () => {
    const [one, other] = [open('later'), open('later')];
    await one.exchange([{ name: 'a', forMs: 60_000 }]);
    await other.exchange([{ name: 'a', forMs: 5_000 }]);
    const [a, b] = await other.exchange([{ name: 'b', forMs: 90_000.2 }]);
    expect([a?.name, b?.name]).toEqual(['a', 'b']);
    expect(a?.forMs).toBeGreaterThan(50_000);
    expect(b?.forMs).toBeLessThanOrEqual(90_001);
  });

  test('what has passed is gone, for good', async () => {
    const deadlines = open('passing');
    await deadlines.exchange([{ name: 'a', forMs: 1 }]);
    const seen = async () => (await deadlines.exchange([])).length;
    for (let tries = 0; tries < 1_000 && (await seen()) > 0; tries += 1) await systemClock.sleep(0);
    expect(await seen()).toBe(0);
    expect(await client.exists('x:limits:{passing}')).toBe(0);
  });

  test('names are apart, and a forgotten script is sent again', async () => {
    await open('one').exchange([{ name: 'a', forMs: 60_000 }]);
    await client.sendCommand(['SCRIPT', 'FLUSH']);
    expect(await open('two').exchange([])).toEqual([]);
    expect(await open('one').exchange([])).toHaveLength(1);
  });

  test('refuses a prefix that would scatter keys', () => {
    expect(() => createSharedDeadlines({ client: fromNodeRedis(client), prefix: '{' }, 'a')).toThrow(/prefix/);
  });
});
