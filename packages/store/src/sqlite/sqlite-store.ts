import { Kysely, SqliteDialect, sql, type CreateTableBuilder } from 'kysely';
import type { DurableStore } from '../durable/durable-store.ts';
import { migrate, type Flavor } from '../sql/migrations.ts';
import { sqlStore, type SqlStoreOptions } from '../sql/sql-store.ts';
import type { Tables } from '../sql/tables.ts';
import { NodeSqlite } from './database.ts';
import { SqliteLedgerWriter } from './ledger-writer.ts';

export interface SqliteStoreOptions extends SqlStoreOptions {
  /** The file; it is made where there is none. `:memory:` for one that ends with the process. */
  readonly path: string;
  /**
   * What an acknowledged row survives: the death of the process, or also that of the machine, which costs a disk flush for each
   * group of rows. @default 'process'
   */
  readonly durability?: 'process' | 'machine';
}

/** How long another process may hold the file, in milliseconds. This process does nothing else meanwhile. */
const BUSY_MS = 1_000;

/**
 * Everything durable in one SQLite file, by Node's own SQLite.
 * @throws TypeError that names the option; what SQLite says where the file cannot be opened
 */
export async function openSqliteStore(options: SqliteStoreOptions): Promise<DurableStore> {
  const { path, durability = 'process' } = options;
  if (typeof path !== 'string' || path === '') {
    throw new TypeError(`openSqliteStore: path must be a file name or ":memory:", got ${JSON.stringify(path)}`);
  }
  if (durability !== 'process' && durability !== 'machine') {
    throw new TypeError(
      `openSqliteStore: durability must be "process" or "machine", got ${JSON.stringify(durability)}`,
    );
  }
  const database = new NodeSqlite(path);
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database }) });
  try {
    database.raw.exec(`pragma busy_timeout = ${BUSY_MS}`);
    database.raw.exec('pragma journal_mode = wal');
    // In a write-ahead log, NORMAL loses nothing when the process dies; only FULL flushes each commit to the disk.
    database.raw.exec(`pragma synchronous = ${durability === 'machine' ? 'full' : 'normal'}`);
    await migrate(db, SQLITE);
    const writer = new SqliteLedgerWriter(database.raw);
    // The connection is shared: nobody may be in the middle of a transaction.
    const write = (records: Parameters<typeof writer.write>[0]) =>
      db.connection().execute(() => Promise.resolve().then(() => writer.write(records)));
    return sqlStore({ db, write, isRowFault }, options);
  } catch (error) {
    await db.destroy();
    if (database.raw.isOpen) database.close();
    throw error;
  }
}

const SQLITE: Flavor = {
  integer: 'integer',
  numbered: <T extends string>(table: CreateTableBuilder<T>, column: string) =>
    table.addColumn(column, 'integer', (definition) => definition.primaryKey().autoIncrement()) as CreateTableBuilder<
      T,
      string
    >,
  // Sums are made anew for every answer of an hour, so the log of changes would grow without this.
  extra: async (db) => void (await sql`pragma wal_autocheckpoint = 1000`.execute(db)),
};

/** SQLITE_TOOBIG, SQLITE_CONSTRAINT, SQLITE_MISMATCH. Source: https://sqlite.org/rescode.html */
const ROW_FAULTS: ReadonlySet<unknown> = new Set([18, 19, 20]);

function isRowFault(error: unknown): boolean {
  if (error instanceof RangeError || error instanceof TypeError) return true;
  return error instanceof Error && 'errcode' in error && ROW_FAULTS.has(Number(error.errcode) & 0xff);
}
