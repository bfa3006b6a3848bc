import type { DurableStore } from '../index.ts';
import { needs, startPostgres, type PostgresServer } from '@x/test-servers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answer, HOUR } from '../testing/ledger-rows.ts';
import { openPostgresStore } from './postgres-store.ts';

const { missing, note } = needs('own-postgres');
const UNAVAILABLE = { kind: 'server_error', code: 'ledger_unavailable' };

let server: PostgresServer;
let store: DurableStore;

/** Appends until the database takes it again: a connection that broke is found out when it is used. */
async function appendAtLast(id: string): Promise<void> {
  for (let tries = 0; tries < 20; tries += 1) {
    const appended = await store.ledger.append([answer(id)]).catch((error: { code: string }) => error.code);
    if (typeof appended === 'number') return;
    if (appended !== UNAVAILABLE.code) throw new Error(appended);
  }
  throw new Error('the ledger did not come back');
}

const answers = async () => (await store.ledger.entries({ from: HOUR, to: HOUR + 1 })).entries[0]?.requests;

describe.skipIf(missing)(`PostgreSQL that fails${note}`, { timeout: 30_000 }, () => {
  beforeEach(async () => {
    server = await startPostgres({ own: true, fsync: true });
    store = await openPostgresStore({ url: server.url, timeoutMs: 1_000 });
    await store.ledger.append([answer('before')]);
  }, 30_000);
  afterEach(async () => {
    await store.close();
    await server.stop();
  });

  it('restarted: what was acknowledged is there, and it goes on', async () => {
    await server.restart();
    await appendAtLast('after');
    expect(await answers()).toBe(2);
  });

  it('killed: nothing that was acknowledged is lost, and what comes meanwhile is told so', async () => {
    await server.kill();
    await expect(store.ledger.append([answer('meanwhile')])).rejects.toMatchObject(UNAVAILABLE);
    expect(await store.check()).toBeTypeOf('string');
    await server.restart();
    await appendAtLast('after');
    expect(await answers()).toBe(2);
    expect(await store.check()).toBeUndefined();
  });

  it('hangs: nobody waits for longer than the time limit, and it goes on when it wakes up', async () => {
    server.pause();
    await expect(store.ledger.append([answer('hanging')])).rejects.toMatchObject(UNAVAILABLE);
    server.resume();
    await appendAtLast('after');
    // The row that nobody heard of may be there: it was sent.
    expect([2, 3]).toContain(await answers());
    await appendAtLast('hanging');
    expect(await answers()).toBe(3);
  });

  it('its connections are cut: the next row goes over another', async () => {
    await Promise.allSettled(Array.from({ length: 5 }, (_, n) => store.ledger.append([answer(`busy-${n}`)])));
    const other = await openPostgresStore({ url: server.url });
    const cut = store.ledger.append([answer('cut')]).catch(() => undefined);
    await server.restart();
    await cut;
    await appendAtLast('after');
    await appendAtLast('cut');
    expect(await answers()).toBe(8);
    await other.close();
  });
});
