import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { durableContract } from '../testing/durable-contract.ts';
import { answer, HOUR } from '../testing/ledger-rows.ts';
import { openSqliteStore } from './sqlite-store.ts';

let folder = '';
const file = () => join(folder, 'store.db');

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'x-sqlite-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('SQLite', () => {
  it.each(durableContract())('$name', async ({ run }) => {
    const store = await openSqliteStore({ path: file() });
    await run(store);
    await store.close();
  });

  it('finds everything again when it is opened anew', async () => {
    const store = await openSqliteStore({ path: file() });
    const seq = await store.ledger.append([answer('a')]);
    const made = await store.entities.put(
      { kind: 'team', id: 'core', data: {} },
      { actor: { via: 'test' }, action: 'create' },
    );
    await store.close();
    const again = await openSqliteStore({ path: file(), durability: 'machine' });
    expect(await again.ledger.entries({ from: HOUR, to: HOUR + 1 })).toMatchObject({ upTo: seq });
    expect(await again.entities.all()).toEqual([made]);
    expect(await again.ledger.append([answer('b')])).toBeGreaterThan(seq);
    await again.close();
  });

  it('has what was acknowledged, also where another process has the file open and this one never closed it', async () => {
    const store = await openSqliteStore({ path: file() });
    await store.ledger.append([answer('a')]);
    const other = await openSqliteStore({ path: file() });
    await other.ledger.append([answer('b')]);
    expect((await store.ledger.entries({ from: HOUR, to: HOUR + 1 })).entries[0]?.requests).toBe(2);
    await store.close();
    await other.close();
  });

  it('writes what is still in memory when it is closed, and may be closed twice', async () => {
    const store = await openSqliteStore({ path: file() });
    const appended = store.ledger.append([answer('a')]);
    await Promise.all([store.close(), store.close()]);
    await expect(appended).resolves.toBe(1);
    expect(await store.check()).toBeTypeOf('string');
    await expect(store.ledger.append([answer('b')])).rejects.toMatchObject({ code: 'ledger_unavailable' });
  });

  it('works with no file at all', async () => {
    const store = await openSqliteStore({ path: ':memory:' });
    expect(await store.ledger.append([answer('a')])).toBe(1);
    expect(await store.check()).toBeUndefined();
    await store.close();
  });

  it.each([
    [{ path: '' }, /path must be a file name/],
    [{ path: 5 as unknown as string }, /path must be a file name/],
    [{ path: ':memory:', durability: 'none' as unknown as 'process' }, /durability must be "process" or "machine"/],
    [{ path: '/nowhere/at/all.db' }, /unable to open/],
  ])('refuses %o', async (options, message) => {
    await expect(openSqliteStore(options)).rejects.toThrow(message);
  });
});
