import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBinary } from './find-binary.ts';
import { onFreePort } from './free-port.ts';
import { serverUrl } from './needs.ts';
import { end, launch, type OwnServer } from './own-server.ts';

export interface RedisServer extends OwnServer {
  /** `redis://127.0.0.1:PORT`, or what `REDIS_URL` says. */
  readonly url: string;
  readonly host: string;
  readonly port: number;
}

export interface StartRedisOptions {
  /** Starts one even where `REDIS_URL` names another. @default false */
  readonly own?: boolean;
  /** More of `redis-server`'s options, such as `--cluster-enabled`, `yes`. */
  readonly args?: readonly string[];
}

/** A Redis. The one of `REDIS_URL` is left as it is by everything but `url`. */
export async function startRedis(options: StartRedisOptions = {}): Promise<RedisServer> {
  const shared = serverUrl('REDIS_URL');
  if (shared !== undefined && options.own !== true) return sharedRedis(shared);

  const path = findBinary('redis-server');
  if (path === undefined) throw new Error('redis-server is not installed');
  const folder = await mkdtemp(join(tmpdir(), 'x-redis-'));
  const programOn = (port: number) =>
    ({
      path,
      // Nothing is written: one that starts again has forgotten everything.
      args: `--bind 127.0.0.1 --port ${port} --save  --appendonly no`
        .split(' ')
        .concat('--dir', folder, options.args ?? []),
      ready: /Ready to accept connections/,
      onParentEnd: 'KILL',
    }) as const;
  let [port, child] = await onFreePort(async (free) => [free, await launch(programOn(free))] as const);
  return {
    url: `redis://127.0.0.1:${port}`,
    host: '127.0.0.1',
    port,
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    kill: () => end(child, 'SIGKILL'),
    async restart() {
      await end(child, 'SIGKILL');
      child = await launch(programOn(port));
    },
    async stop() {
      await end(child, 'SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function sharedRedis(url: string): RedisServer {
  const { hostname, port } = new URL(url);
  const refuse = () => {
    throw new Error('the Redis of REDIS_URL is not ours to stop: ask for an `own` one');
  };
  return {
    url,
    host: hostname,
    port: Number(port === '' ? 6379 : port),
    pause: refuse,
    resume: refuse,
    kill: refuse,
    restart: refuse,
    stop: () => Promise.resolve(),
  };
}
