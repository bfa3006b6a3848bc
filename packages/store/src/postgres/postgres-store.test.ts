import { needs, startPostgres, type PostgresServer } from '@x/test-servers';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { durableContract } from '../testing/durable-contract.ts';
import { answer, HOUR } from '../testing/ledger-rows.ts';
import { openPostgresStore, type PostgresStoreOptions } from './postgres-store.ts';

const { missing, note } = needs('postgres');

let server: PostgresServer;
let databases = 0;

async function query(text: string): Promise<void> {
  const client = new Client({ connectionString: server.url });
  await client.connect();
  await client.query(text);
  await client.end();
}

/** The address of a database of its own, with nothing in it. */
async function freshUrl(): Promise<string> {
  databases += 1;
  const name = `store_${process.pid}_${databases}`;
  await query(`create database ${name}`);
  const url = new URL(server.url);
  url.pathname = name;
  return url.href;
}

const open = async (options: Partial<PostgresStoreOptions> = {}) =>
  openPostgresStore({ url: options.url ?? (await freshUrl()), ...options });

describe.skipIf(missing)(`PostgreSQL${note}`, { timeout: 30_000 }, () => {
  beforeAll(async () => {
    server = await startPostgres();
  }, 30_000);
  afterAll(async () => {
    for (let n = 1; n <= databases; n += 1) await query(`drop database store_${process.pid}_${n} with (force)`);
    await server.stop();
  });

  it.each(durableContract())('$name', async ({ run }) => {
    const store = await open();
    await run(store);
    await store.close();
  });

  it('several processes may open an empty database at once', async () => {
    const url = await freshUrl();
    const stores = await Promise.all([open({ url }), open({ url }), open({ url })]);
    for (const store of stores) expect(await store.check()).toBeUndefined();
    await Promise.all(stores.map((store) => store.close()));
  });

  it('a sum that tells up to which row it goes has all rows up to there, while three processes append', async () => {
    const url = await freshUrl();
    const stores = await Promise.all([open({ url }), open({ url }), open({ url })]);
    const appends = stores.flatMap(({ ledger }, process) =>
      Array.from({ length: 40 }, async (_, n) => {
        await Promise.resolve();
        return ledger.append([answer(`p${process}-${n}`)]);
      }),
    );
    const [reader] = stores;
    for (let round = 0; round < 20; round += 1) {
      const sum = await reader?.ledger.entries({ from: HOUR, to: HOUR + 3_600_000 });
      // Every row has one number, and none is left out.
      expect(sum?.entries[0]?.requests ?? 0).toBe(sum?.upTo);
    }
    await Promise.all(appends);
    await Promise.all(stores.map((store) => store.close()));
  });

  it.each([
    [{ url: 'mysql://localhost' }, /url must begin with postgres/],
    [{ url: 'postgres://localhost', connections: 0 }, /connections must be a whole number of at least 1, got 0/],
    [{ url: 'postgres://localhost', timeoutMs: 1.5 }, /timeoutMs must be a whole number of at least 1, got 1.5/],
  ])('refuses %o', async (options, message) => {
    await expect(openPostgresStore(options)).rejects.toThrow(message);
  });

  it('an address at which nobody listens is told within the time', async () => {
    await expect(openPostgresStore({ url: 'postgres://127.0.0.1:1/x', timeoutMs: 500 })).rejects.toThrow(
      /ECONNREFUSED/,
    );
  });
});
