import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { COUNTED, OWNED } from '../sql/migrations.ts';
import { HOUR_MS, LEDGER_COLUMNS, type LedgerRecord } from '../sql/records.ts';

/**
 * Appends rows to the ledger of an SQLite file. Statements that stay prepared, since this is on the way of every answer: about two
 * microseconds a row, with a transaction for all that come together.
 */
export class SqliteLedgerWriter {
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #count: StatementSync;
  readonly #find: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    const columns = LEDGER_COLUMNS.join(', ');
    this.#insert = database.prepare(
      `insert into ledger (${columns}) values (${LEDGER_COLUMNS.map(() => '?').join(', ')}) on conflict (id) do nothing`,
    );
    const added = ['requests', ...COUNTED];
    this.#count = database.prepare(
      `insert into "usage" (at, ${[...OWNED, ...added].join(', ')}) values (${[...OWNED, ...added, 'at'].map(() => '?').join(', ')})
       on conflict (at, ${OWNED.join(', ')}) do update set ${added.map((name) => `${name} = ${name} + excluded.${name}`).join(', ')}`,
    );
    this.#find = database.prepare('select seq from ledger where id = ?');
  }

  /** All of them or none. The sequence number of the last row. */
  write(records: readonly LedgerRecord[]): number {
    let seq = 0;
    this.#database.exec('begin immediate');
    try {
      for (const record of records) seq = Math.max(seq, this.#append(record));
      this.#database.exec('commit');
    } catch (error) {
      this.#rollBack();
      throw error;
    }
    return seq;
  }

  #append(record: LedgerRecord): number {
    const { changes, lastInsertRowid } = this.#insert.run(...LEDGER_COLUMNS.map((name) => record[name]));
    // A row that was there already is counted already.
    if (changes === 0) return Number(this.#find.get(record.id)?.['seq'] ?? 0);
    if (record.type === 'answer') {
      this.#count.run(
        Math.floor(record.at / HOUR_MS) * HOUR_MS,
        ...OWNED.map((name) => record[name] ?? ''),
        1,
        ...COUNTED.map((name) => record[name]),
      );
    }
    return Number(lastInsertRowid);
  }

  #rollBack(): void {
    try {
      this.#database.exec('rollback');
    } catch {
      // A full disk may have rolled it back by itself.
    }
  }
}
