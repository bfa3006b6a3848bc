import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ConfigInput } from '@x/config';
import { startPostgres, startRedis, type PostgresServer, type RedisServer } from '@x/test-servers';
import { Client } from 'pg';

export type StoreInput = NonNullable<ConfigInput['store']>;

/** Where state is kept. */
export interface Placement {
  readonly durable: 'sqlite' | 'postgres';
  readonly limits: 'memory' | 'redis';
}

const NAMES = { sqlite: 'SQLite', postgres: 'PostgreSQL', memory: 'memory', redis: 'Redis' } as const;

export function placementName({ durable, limits }: Placement): string {
  return `${NAMES[durable]} and ${NAMES[limits]}`;
}

/** Milliseconds after which a store counts as away: a busy machine takes its time, and no fault is wanted where none is tried. */
const PATIENCE_MS = 2_000;

/** Servers of our own, started when the first proof wants them. */
export class Stores {
  #redis: Promise<RedisServer> | undefined;
  #postgres: Promise<PostgresServer> | undefined;
  #folder: Promise<string> | undefined;
  #count = 0;

  redis(): Promise<RedisServer> {
    return (this.#redis ??= startRedis({ own: true }));
  }

  postgres(): Promise<PostgresServer> {
    return (this.#postgres ??= startPostgres({ own: true }));
  }

  /** A folder for whatever a proof writes. */
  folder(): Promise<string> {
    return (this.#folder ??= mkdtemp(join(tmpdir(), 'x-proofs-')));
  }

  /** Stores that nobody has used yet. */
  async empty(placement: Placement): Promise<StoreInput> {
    const name = `proof${(this.#count += 1)}`;
    const requestLog = { enabled: false };
    const limits =
      placement.limits === 'memory'
        ? ({ type: 'memory' } as const)
        : ({
            type: 'redis',
            url: (await this.redis()).url,
            prefix: `${name}:`,
            onOutage: 'closed',
            timeoutMs: PATIENCE_MS,
          } as const);
    if (placement.durable === 'sqlite') {
      return { durable: { type: 'sqlite', path: join(await this.folder(), `${name}.db`) }, limits, requestLog };
    }
    const { url } = await this.postgres();
    await query(url, `create database ${name}`);
    return {
      durable: { type: 'postgres', url: url.replace(/postgres$/, name), timeoutMs: PATIENCE_MS },
      limits,
      requestLog,
    };
  }

  async close(): Promise<void> {
    await (await this.#redis)?.stop();
    await (await this.#postgres)?.stop();
    if (this.#folder !== undefined) await rm(await this.#folder, { recursive: true, force: true });
  }
}

/** One statement on a connection of its own. */
export async function query(url: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<Record<string, unknown>>(text);
    return rows;
  } finally {
    await client.end();
  }
}
