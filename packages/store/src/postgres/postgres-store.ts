import { CompiledQuery, Kysely, PostgresDialect, type CreateTableBuilder } from 'kysely';
import { Pool, types, type PoolConfig } from 'pg';
import type { DurableStore } from '../durable/durable-store.ts';
import { migrate, type Flavor } from '../sql/migrations.ts';
import type { LedgerRecord } from '../sql/records.ts';
import { sqlStore, type SqlStoreOptions } from '../sql/sql-store.ts';
import type { Tables } from '../sql/tables.ts';
import { createLedgerFunction } from './ledger-function.ts';

export interface PostgresStoreOptions extends SqlStoreOptions {
  /** `postgres://user:password@host:port/database` */
  readonly url: string;
  /** Connections at the same time. @default 5 */
  readonly connections?: number;
  /** Milliseconds after which a database that does not answer counts as away. @default 5000 */
  readonly timeoutMs?: number;
  /** Told of connections that broke. @default none */
  readonly onConnectionError?: (error: Error) => void;
}

const DEFAULTS = { connections: 5, timeoutMs: 5_000 };

/**
 * Everything durable in PostgreSQL, for one gateway or several.
 * @throws TypeError, RangeError that name the option; what the database says where it cannot be reached
 */
export async function openPostgresStore(options: PostgresStoreOptions): Promise<DurableStore> {
  const { onConnectionError = () => undefined } = options;
  const pool = new Pool(poolConfig(options));
  // Without listeners, a connection that the server cuts would end the process: the pool's own listens while it is idle alone.
  pool.on('error', onConnectionError);
  pool.on('connect', (client) => client.on('error', onConnectionError));
  const db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool }) });
  try {
    await migrate(db, POSTGRES);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  return sqlStore({ db, write: (records) => append(db, records), isRowFault }, options);
}

function poolConfig({ url, ...given }: PostgresStoreOptions): PoolConfig {
  const { connections = DEFAULTS.connections, timeoutMs = DEFAULTS.timeoutMs } = given;
  if (typeof url !== 'string' || !/^postgres(ql)?:\/\//.test(url)) {
    throw new TypeError('openPostgresStore: url must begin with postgres:// or postgresql://');
  }
  for (const [name, value] of Object.entries({ connections, timeoutMs })) {
    if (!Number.isSafeInteger(value) || value < 1) {
      throw new RangeError(`openPostgresStore: ${name} must be a whole number of at least 1, got ${String(value)}`);
    }
  }
  return {
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
    keepAlive: true,
    allowExitOnIdle: true,
    types: { getTypeParser },
  };
}

/** A bigint comes as text. Ours are below 2^53. */
const getTypeParser = ((oid: number, format?: 'text' | 'binary') =>
  oid === types.builtins.INT8 ? Number : types.getTypeParser(oid, format ?? 'text')) as typeof types.getTypeParser;

async function append(db: Kysely<Tables>, records: readonly LedgerRecord[]): Promise<number> {
  const query = CompiledQuery.raw('select ledger_append($1::jsonb) as seq', [JSON.stringify(records)]);
  const { rows } = await db.executeQuery<{ seq: number }>(query as CompiledQuery<{ seq: number }>);
  return rows[0]?.seq ?? 0;
}

const POSTGRES: Flavor = {
  integer: 'bigint',
  numbered: <T extends string>(table: CreateTableBuilder<T>, column: string) =>
    table.addColumn(column, 'bigint', (definition) =>
      definition.generatedAlwaysAsIdentity().primaryKey(),
    ) as CreateTableBuilder<T, string>,
  extra: createLedgerFunction,
};

/** Classes 22, data exception, and 23, integrity constraint violation. Source: PostgreSQL's documentation, appendix A. */
function isRowFault(error: unknown): boolean {
  return error instanceof Error && 'code' in error && /^2[23]/.test(String(error.code));
}
