import { sql, type CreateTableBuilder, type Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Tables } from './tables.ts';

/** Where the two databases differ. */
export interface Flavor {
  /** A whole number of up to 2^53. */
  readonly integer: 'integer' | 'bigint';
  /** Numbers its rows by itself, never one twice. */
  numbered<T extends string>(table: CreateTableBuilder<T>, column: string): CreateTableBuilder<T, string>;
  /** What one of them needs besides. @default nothing */
  readonly extra?: (db: Kysely<unknown>) => Promise<void>;
}

/** Brings the database to the newest state. Several processes may try at once: the migrator locks. */
export async function migrate(db: Kysely<Tables>, flavor: Flavor): Promise<void> {
  const first = {
    // SQLite cannot undo a migration that broke off, so each step may find its work done.
    async up(empty: Kysely<unknown>) {
      await createLedger(empty, flavor);
      await createUsage(empty, flavor);
      await createEntities(empty, flavor);
      await createAudit(empty, flavor);
      await createRequests(empty, flavor);
      await flavor.extra?.(empty);
    },
  };
  const migrator = new Migrator({ db, provider: { getMigrations: async () => ({ '0001': first }) } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}

/** What a row of usage is the sum for. */
export const OWNED = ['customer', 'team', 'virtual_key', 'provider', 'model'] as const;

/** What is summed. */
export const COUNTED = [
  'input_tokens',
  'cache_read_tokens',
  'cache_write_tokens',
  'output_tokens',
  'reasoning_tokens',
  'cost',
] as const;

async function createLedger(db: Kysely<unknown>, { integer, numbered }: Flavor): Promise<void> {
  const ledger = numbered(db.schema.createTable('ledger').ifNotExists(), 'seq')
    .addColumn('id', 'text', (column) => column.notNull().unique())
    .addColumn('type', 'text', notNull)
    .addColumn('request_id', 'text', notNull)
    .addColumn('lease_id', 'text')
    .addColumn('customer', 'text')
    .addColumn('team', 'text')
    .addColumn('virtual_key', 'text')
    .addColumn('at', integer, notNull)
    .addColumn('duration_ms', 'double precision', notNull)
    .addColumn('provider', 'text', notNull)
    .addColumn('model', 'text', notNull)
    .addColumn('key_name', 'text')
    .addColumn('outcome', 'text', notNull)
    .addColumn('price', 'text');
  await withNumbers(ledger, COUNTED, integer).execute();
  await indexOwners(db, 'ledger');
  await index(db, 'ledger', ['at']);
  await index(db, 'ledger', ['request_id']);
  await index(db, 'ledger', ['lease_id']);
}

async function createUsage(db: Kysely<unknown>, { integer }: Flavor): Promise<void> {
  let usage: CreateTableBuilder<string, string> = db.schema.createTable('usage').ifNotExists();
  for (const name of OWNED) usage = usage.addColumn(name, 'text', notNull);
  await withNumbers(usage, ['at', 'requests', ...COUNTED], integer)
    .addPrimaryKeyConstraint('usage_key', ['at', ...OWNED])
    .execute();
  await indexOwners(db, 'usage');
}

async function createEntities(db: Kysely<unknown>, { integer }: Flavor): Promise<void> {
  await db.schema
    .createTable('entities')
    .ifNotExists()
    .addColumn('kind', 'text', notNull)
    .addColumn('id', 'text', notNull)
    .addColumn('revision', integer, notNull)
    .addColumn('data', 'text')
    .addPrimaryKeyConstraint('entities_key', ['kind', 'id'])
    .execute();
  await index(db, 'entities', ['revision']);
  await db.schema
    .createTable('revisions')
    .ifNotExists()
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('value', integer, notNull)
    .execute();
  await sql`insert into revisions (name, value) values ('entities', 0) on conflict do nothing`.execute(db);
}

async function createAudit(db: Kysely<unknown>, { integer, numbered }: Flavor): Promise<void> {
  await numbered(db.schema.createTable('audit').ifNotExists(), 'seq')
    .addColumn('at', integer, notNull)
    .addColumn('via', 'text', notNull)
    .addColumn('source', 'text')
    .addColumn('action', 'text', notNull)
    .addColumn('kind', 'text', notNull)
    .addColumn('id', 'text', notNull)
    .addColumn('before', 'text')
    .addColumn('after', 'text')
    .execute();
  await index(db, 'audit', ['kind', 'id']);
}

async function createRequests(db: Kysely<unknown>, { integer }: Flavor): Promise<void> {
  await db.schema
    .createTable('requests')
    .ifNotExists()
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('at', integer, notNull)
    .addColumn('virtual_key', 'text')
    .addColumn('served', 'text')
    .addColumn('outcome', 'text', notNull)
    .addColumn('record', 'text', notNull)
    .addColumn('request_body', 'text')
    .addColumn('response_body', 'text')
    .execute();
  await index(db, 'requests', ['at']);
  await index(db, 'requests', ['virtual_key', 'at']);
}

function notNull<T extends { notNull(): T }>(column: T): T {
  return column.notNull();
}

function withNumbers(
  table: CreateTableBuilder<string, string>,
  names: readonly string[],
  integer: Flavor['integer'],
): CreateTableBuilder<string, string> {
  for (const name of names) table = table.addColumn(name, integer, notNull);
  return table;
}

async function indexOwners(db: Kysely<unknown>, table: string): Promise<void> {
  for (const owner of ['customer', 'team', 'virtual_key']) await index(db, table, [owner, 'at']);
}

async function index(db: Kysely<unknown>, table: string, columns: string[]): Promise<void> {
  const name = [table, ...columns].join('_');
  await db.schema.createIndex(name).ifNotExists().on(table).columns(columns).execute();
}
