import { createClient } from '@redis/client';
import { systemClock } from '@x/core';
import { needs, startRedis, type RedisServer } from '@x/test-servers';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, test, vi } from 'vitest';
import { withOutagePolicy } from '../outage/with-outage-policy.ts';
import { limitStoreContract } from '../testing/index.ts';
import { createRedisLimitStore, fromIoredis, fromNodeRedis, type RedisScripting } from './index.ts';

/** A real server, on a machine that is busy with other tests. */
vi.setConfig({ testTimeout: 60_000 });

describe.skipIf(needs('redis').missing)(`limits in Redis${needs('redis').note}`, () => {
  let server: RedisServer;
  let clients: { nodeRedis: RedisScripting; ioredis: RedisScripting };
  let close: () => Promise<unknown>;

  beforeAll(async () => {
    server = await startRedis();
    const nodeRedis = await createClient({ url: server.url }).connect();
    const ioredis = new Redis(server.url);
    clients = { nodeRedis: fromNodeRedis(nodeRedis), ioredis: fromIoredis(ioredis) };
    close = () => Promise.all([nodeRedis.close(), ioredis.quit()]);
  });
  afterAll(async () => {
    await close();
    await server.stop();
  });

  const wait = (ms: number) => systemClock.sleep(ms);
  const storeOf = (name: keyof typeof clients) =>
    createRedisLimitStore({ client: clients[name], prefix: `x-contract-${process.pid}:` });

  describe.each(['nodeRedis', 'ioredis'] as const)('through %s', (name) => {
    for (const { name: rule, run } of limitStoreContract({ create: () => storeOf(name), wait })) test(rule, run);
  });

  describe('behind a policy for outages', () => {
    const create = () => withOutagePolicy(storeOf('nodeRedis'), { policy: 'closed', timeoutMs: 5_000 });
    for (const { name: rule, run } of limitStoreContract({ create, wait })) test(rule, run);
  });
});
