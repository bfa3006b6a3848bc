import { systemClock, type Clock } from '@x/core';
import { sql } from 'kysely';
import type { DurableStore } from '../durable/durable-store.ts';
import { SqlAuditLog } from './audit.ts';
import { SqlEntities } from './entities.ts';
import { SqlLedger, type SqlLedgerOptions } from './ledger.ts';
import { SqlRequestLog, type RequestLogOptions } from './request-log.ts';

export interface SqlStoreOptions {
  /** What revisions, sums and retention go by. @default systemClock */
  readonly clock?: Clock;
  /** Told of requests that did not get into the request log. @default none */
  readonly onDropped?: RequestLogOptions['onDropped'];
}

/** Everything durable, over one database. */
export function sqlStore(parts: SqlLedgerOptions, options: SqlStoreOptions): DurableStore {
  const { db } = parts;
  const { clock = systemClock, onDropped = () => undefined } = options;
  const ledger = new SqlLedger(parts);
  const requests = new SqlRequestLog(db, { clock, onDropped });
  let closing: Promise<void> | undefined;
  const close = async () => {
    await ledger.idle();
    await requests.idle();
    await db.destroy();
  };
  return {
    entities: new SqlEntities(db, clock),
    audit: new SqlAuditLog(db),
    ledger,
    requests,
    async check() {
      try {
        await sql`select 1`.execute(db);
        return undefined;
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    },
    close: () => (closing ??= close()),
  };
}
