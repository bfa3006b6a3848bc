import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { needs, startPostgres, startRedis, startRedisCluster } from './index.ts';

/** Servers take a while to start on a machine that is busy with other tests. */
vi.setConfig({ testTimeout: 60_000 });

/** The first bytes of what a server answers. */
async function ask(port: number, line: string): Promise<string> {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  socket.write(line, 'latin1');
  const [answer] = (await once(socket, 'data')) as [string];
  socket.destroy();
  return answer;
}

describe.skipIf(needs('own-redis').missing)(`Redis${needs('own-redis').note}`, () => {
  test('a server of its own answers, forgets everything when it starts again, and is gone at the end', async () => {
    const redis = await startRedis({ own: true });
    expect(await ask(redis.port, 'SET a 1\r\n')).toBe('+OK\r\n');
    expect(await ask(redis.port, 'GET a\r\n')).toBe('$1\r\n1\r\n');
    await redis.restart();
    expect(await ask(redis.port, 'GET a\r\n')).toBe('$-1\r\n');
    redis.pause();
    await redis.stop();
    await expect(ask(redis.port, 'PING\r\n')).rejects.toThrow('ECONNREFUSED');
  });

  test('a cluster of three shares the slots', async () => {
    const cluster = await startRedisCluster({ nodes: 3 });
    const ports = cluster.nodes.map((node) => node.port);
    const answers = await Promise.all(ports.map((port) => ask(port, 'SET a 1\r\n')));
    await cluster.stop();
    // Slot 15495 is in the last third.
    expect(answers).toEqual([
      `-MOVED 15495 127.0.0.1:${ports[2]}\r\n`,
      `-MOVED 15495 127.0.0.1:${ports[2]}\r\n`,
      '+OK\r\n',
    ]);
  });
});

describe.skipIf(needs('own-postgres').missing)(`PostgreSQL${needs('own-postgres').note}`, () => {
  test('a server of its own listens, starts again at the same place after a kill, and is gone at the end', async () => {
    const postgres = await startPostgres({ own: true });
    const port = Number(new URL(postgres.url).port);
    // Asks whether it speaks TLS: eight bytes, to which it says no.
    const tls = '\0\0\0\b\u0004\u00d2\u0016\u002f';
    expect(await ask(port, tls)).toHaveLength(1);
    await postgres.kill();
    await expect(ask(port, tls)).rejects.toThrow('ECONNREFUSED');
    await postgres.restart();
    await postgres.stop();
    await expect(ask(port, tls)).rejects.toThrow('ECONNREFUSED');
  });
});

describe('what is missing', () => {
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  test('a server that the environment names is used as it is, and not ours to stop', async () => {
    vi.stubEnv('REDIS_URL', 'redis://cache.example');
    vi.stubEnv('DATABASE_URL', 'postgres://db.example/test');
    expect(needs('redis')).toEqual({ missing: false, note: '' });
    const redis = await startRedis();
    expect(redis).toMatchObject({ url: 'redis://cache.example', host: 'cache.example', port: 6379 });
    expect(() => redis.pause()).toThrow('not ours to stop');
    const postgres = await startPostgres();
    expect(postgres.url).toBe('postgres://db.example/test');
    expect(() => postgres.kill()).toThrow('not ours to stop');
  });

  test('a suite says why it is not run', () => {
    vi.stubEnv('PATH', '/nowhere');
    vi.stubEnv('REDIS_URL', '');
    expect(needs('redis').note).toBe(' [not run: Redis: no redis-server is installed, and REDIS_URL is not set]');
    expect(needs('own-redis').note).toMatch('no redis-server is installed that a test could start and kill');
  });
});
