import { join } from 'node:path';
import type { Finding, Surroundings } from '../proof.ts';
import { HANGS_AFTER_MS, served, tally, type Ending } from '../site/caller.ts';
import { Load, servesAgain } from '../site/load.ts';
import { missingFrom } from '../site/missing.ts';
import { startProvider } from '../site/provider.ts';
import { openBooks, openSite, type Running, type SharedOptions } from '../site/site.ts';
import { smallDisk, type SmallDisk } from '../site/small-disk.ts';
import { query, type StoreInput, type Stores } from '../site/stores.ts';
import { waitUntil } from '../site/wait-until.ts';

type Kind = 'sqlite' | 'postgres';

const KEY = `xk-${'d'.repeat(40)}`;
/** Bytes that are left when the disk is nearly full: some seconds of rows. */
const LEFT = { sqlite: 64 * 1024, postgres: 64 * 1024 } as const;
const FULL_WITHIN_MS = 60_000;
const FULL_MS = 1_500;
const BACK_WITHIN_MS = 30_000;

/** The ledger's disk becomes full under load, and has room again later. */
export async function fullDisk({ stores }: Surroundings, kind: Kind, running: Running): Promise<Finding[]> {
  const where = kind === 'sqlite' ? 'SQLite, disk full' : 'PostgreSQL, disk of the ledger full';
  const like = kind === 'sqlite' ? undefined : await dataFolder(stores);
  const disk = await smallDisk(like);
  if (disk === undefined)
    return [{ where, seen: 'not run: a small file system may not be mounted here', holds: undefined }];
  const provider = await startProvider({ firstTokenMs: 5 });
  try {
    const options: SharedOptions = {
      providers: provider.config,
      store: await storeOn(disk, kind, stores),
      governance: { virtualKeys: { app: { name: 'App', key: KEY, budgets: [{ usd: 1_000, per: 'month' }] } } },
    };
    const books = await openBooks(options);
    if (kind === 'postgres') await moveLedger(options.store, disk);
    const site = await openSite({ ...options, replicas: 1, running, folder: await stores.folder() });
    const load = new Load({ urls: site.urls, key: KEY, callers: 8, pauseMs: 5 });
    await load.phase('before', 500);
    load.phase('filling', 0).catch(() => undefined);
    await disk.fill(LEFT[kind]);
    const noticed = await waitUntil(() => load.of('filling').slice(-5).some(isRefused), FULL_WITHIN_MS);
    await load.phase('full', FULL_MS);
    load.phase('returning', 0).catch(() => undefined);
    await disk.free();
    const back = await waitUntil(() => servesAgain(load.of('returning')), BACK_WITHIN_MS);
    await load.phase('after', 1_000);
    await load.stop();
    const missing = await missingFrom(books, served(load.all));
    await books.close();
    const longest = Math.max(...load.all.map(({ ms }) => ms));
    const { crashed } = site;
    await site.close();
    return [
      {
        where,
        seen: `meanwhile: ${tally(load.of('full'))}; ${back ? 'served again' : 'NOT served again'} after; the longest took ${(longest / 1_000).toFixed(1)} s; ${missing} of ${served(load.all).length} answers not in the ledger`,
        holds:
          noticed &&
          back &&
          missing === 0 &&
          crashed === 0 &&
          longest < HANGS_AFTER_MS &&
          load.of('full').some(isRefused) &&
          load.of('full').every((ending) => ending.whole || isRefused(ending) || isCutShort(ending)) &&
          load.of('after').every(({ whole }) => whole),
      },
    ];
  } finally {
    await provider.close();
    await disk.remove();
  }
}

function isRefused({ status, code, whole }: Ending): boolean {
  return !whole && status === 503 && code === 'ledger_unavailable';
}

/** A stream whose end could not be recorded has none. */
function isCutShort({ status, whole }: Ending): boolean {
  return !whole && status === 200;
}

async function storeOn(disk: SmallDisk, kind: Kind, stores: Stores): Promise<StoreInput> {
  const store = await stores.empty({ durable: kind, limits: 'memory' });
  return kind === 'sqlite' ? { ...store, durable: { type: 'sqlite', path: join(disk.folder, 'gateway.db') } } : store;
}

async function dataFolder(stores: Stores): Promise<string> {
  const { url } = await stores.postgres();
  const [row] = await query(url, 'show data_directory');
  return String(row?.['data_directory']);
}

/** The tables alone: without room for its log PostgreSQL ends, which is another fault. */
async function moveLedger({ durable }: StoreInput, { folder }: SmallDisk): Promise<void> {
  if (durable?.type !== 'postgres') return;
  await query(durable.url, `create tablespace small location '${folder}'`);
  for (const table of ['ledger', '"usage"']) await query(durable.url, `alter table ${table} set tablespace small`);
  const [{ indexes } = { indexes: [] }] = await query(
    durable.url,
    `select array_agg(indexname::text) as indexes from pg_indexes where tablename in ('ledger', 'usage')`,
  );
  for (const index of indexes as string[]) await query(durable.url, `alter index "${index}" set tablespace small`);
}
