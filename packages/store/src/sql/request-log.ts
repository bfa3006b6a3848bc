import type { Clock } from '@x/core';
import type { Kysely } from 'kysely';
import type { LoggedRequest, RequestLog, RequestLogQuery } from '../durable/durable-store.ts';
import { plain, storable } from './records.ts';
import type { RequestTable, Tables } from './tables.ts';

/** Rows of one insert: SQLite takes 32,766 parameters, of which each row needs eight. */
const ROWS_AT_ONCE = 500;

/** Requests that wait to be written, at most. Beyond them the oldest are dropped: a log is not an account. */
const MOST_WAITING = 10_000;

export interface RequestLogOptions {
  readonly clock: Clock;
  /** Requests that are not in the log: too many waited, or the database refused them. */
  readonly onDropped: (requests: number, error: unknown) => void;
}

export class SqlRequestLog implements RequestLog {
  readonly #db: Kysely<Tables>;
  readonly #clock: Clock;
  readonly #onDropped: RequestLogOptions['onDropped'];
  #waiting: RequestTable[] = [];
  #writing: Promise<void> | undefined;

  constructor(db: Kysely<Tables>, { clock, onDropped }: RequestLogOptions) {
    this.#db = db;
    this.#clock = clock;
    this.#onDropped = onDropped;
  }

  add(request: LoggedRequest): void {
    if (this.#waiting.length >= MOST_WAITING) {
      this.#waiting.shift();
      this.#onDropped(1, undefined);
    }
    this.#waiting.push(toRow(request));
    this.#writing ??= this.#write();
  }

  async list(asked: RequestLogQuery): Promise<readonly LoggedRequest[]> {
    const { id, virtualKey, outcome, from, to, before, limit = 100 } = asked;
    await this.idle();
    let query = this.#db
      .selectFrom('requests')
      .selectAll()
      .orderBy('at', 'desc')
      .orderBy('id', 'desc')
      .limit(Math.min(limit, 1_000));
    if (id !== undefined) query = query.where('id', '=', id);
    if (before !== undefined) {
      query = query
        .where('at', '<=', before.at)
        .where((at) => at.or([at('at', '<', before.at), at('id', '<', before.id)]));
    }
    if (virtualKey !== undefined) query = query.where('virtual_key', '=', virtualKey);
    if (outcome !== undefined) query = query.where('outcome', '=', outcome);
    if (from !== undefined) query = query.where('at', '>=', Math.ceil(from));
    if (to !== undefined) query = query.where('at', '<', Math.ceil(to));
    const rows = await query.execute();
    return rows.map((row) => ({
      id: row.id,
      at: row.at,
      virtualKey: row.virtual_key,
      served: row.served,
      outcome: row.outcome,
      record: JSON.parse(row.record) as LoggedRequest['record'],
      requestBody: row.request_body,
      responseBody: row.response_body,
    }));
  }

  async prune({ maxAgeMs, maxRows }: { readonly maxAgeMs: number; readonly maxRows: number }): Promise<number> {
    await this.idle();
    const oldest = Math.floor(this.#clock.now() - maxAgeMs);
    const old = await this.#db.deleteFrom('requests').where('at', '<', oldest).executeTakeFirst();
    const edge = await this.#db
      .selectFrom('requests')
      .select('at')
      .orderBy('at', 'desc')
      .offset(maxRows)
      .limit(1)
      .executeTakeFirst();
    if (edge === undefined) return Number(old.numDeletedRows);
    const beyond = await this.#db.deleteFrom('requests').where('at', '<=', edge.at).executeTakeFirst();
    return Number(old.numDeletedRows + beyond.numDeletedRows);
  }

  /** Until everything that was added is written, or dropped. */
  async idle(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
  }

  async #write(): Promise<void> {
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const rows = this.#waiting.splice(0, ROWS_AT_ONCE);
      try {
        await this.#db
          .insertInto('requests')
          .values(rows)
          .onConflict((conflict) => conflict.column('id').doNothing())
          .execute();
      } catch (error) {
        this.#onDropped(rows.length, error);
      }
    }
    this.#writing = undefined;
  }
}

function toRow(request: LoggedRequest): RequestTable {
  const { id, at, virtualKey, served, outcome, record, requestBody, responseBody } = request;
  return {
    id,
    at: Math.floor(at),
    virtual_key: virtualKey,
    served: served === null ? null : storable(served),
    outcome,
    record: plain(JSON.stringify(record)),
    request_body: requestBody === null ? null : plain(requestBody),
    response_body: responseBody === null ? null : plain(responseBody),
  };
}
