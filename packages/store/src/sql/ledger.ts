import { PipelineError } from '@x/core';
import { sql, type Kysely } from 'kysely';
import { GroupCommit } from '../durable/group-commit.ts';
import {
  GROUPINGS,
  type Grouping,
  type Ledger,
  type LedgerEntry,
  type LedgerRow,
  type LedgerScope,
  type UsageQuery,
  type UsageRow,
} from '../durable/ledger.ts';
import { counted, sums, type CountedRow } from './counted.ts';
import { fromRecord, HOUR_MS, toRecord, usageOf, type LedgerRecord } from './records.ts';
import type { Tables } from './tables.ts';

export interface SqlLedgerOptions {
  readonly db: Kysely<Tables>;
  /** Writes records and adds their answers to `usage`, in one transaction. Resolves to the last sequence number. */
  readonly write: (records: readonly LedgerRecord[]) => Promise<number>;
  readonly isRowFault: (error: unknown) => boolean;
}

const COLUMN_OF: Readonly<Record<Grouping, keyof CountedRow>> = {
  customer: 'customer',
  team: 'team',
  virtualKey: 'virtual_key',
  provider: 'provider',
  model: 'model',
};

const INTERVAL_MS = { hour: HOUR_MS, day: 24 * HOUR_MS };

type Sums = Omit<CountedRow, 'customer' | 'team' | 'virtual_key' | 'provider' | 'model'>;

export class SqlLedger implements Ledger {
  readonly #db: Kysely<Tables>;
  readonly #commits: GroupCommit<LedgerRecord>;

  constructor({ db, write, isRowFault }: SqlLedgerOptions) {
    this.#db = db;
    this.#commits = new GroupCommit({ write, isRowFault });
  }

  async append(rows: readonly LedgerRow[]): Promise<number> {
    try {
      return await this.#commits.append(rows.map(toRecord));
    } catch (cause) {
      throw new PipelineError('server_error', 'the ledger cannot be written', { code: 'ledger_unavailable', cause });
    }
  }

  async entries(scope: LedgerScope): Promise<{ entries: readonly LedgerEntry[]; upTo: number }> {
    // One statement, so that the sums and the last number are of the same moment.
    const { rows } = await sql<Sums & { up_to: number | null; hour: number | null }>`
      with last as (select max(seq) as up_to from ledger)
      select last.up_to, sums.* from last left join (
        select (at / ${sql.lit(HOUR_MS)}) * ${sql.lit(HOUR_MS)} as hour, ${sums()} from ${counted(scope)} group by 1
      ) as sums on true order by hour`.execute(this.#db);
    const entries = rows.filter(({ hour }) => hour !== null);
    return {
      upTo: rows[0]?.up_to ?? 0,
      entries: entries.map((row) => ({ ...totals(row), at: Math.max(row.hour ?? 0, scope.from) })),
    };
  }

  async answersOf(leaseIds: readonly string[]): Promise<readonly (LedgerRow & { seq: number })[]> {
    if (leaseIds.length === 0) return [];
    const rows = await this.#db
      .selectFrom('ledger')
      .selectAll()
      .where('lease_id', 'in', leaseIds)
      .where('type', '=', 'answer')
      .execute();
    return rows.map((row) => ({ ...fromRecord(row), seq: row.seq }));
  }

  async usage(query: UsageQuery): Promise<readonly UsageRow[]> {
    const { groupBy, interval, from } = query;
    const stretch =
      interval === undefined
        ? sql`0`
        : sql`(at / ${sql.lit(INTERVAL_MS[interval])}) * ${sql.lit(INTERVAL_MS[interval])}`;
    const wanted = GROUPINGS.filter((grouping) => groupBy.includes(grouping));
    const columns = wanted.map((grouping) => sql.ref(COLUMN_OF[grouping]));
    const groups = sql.raw([stretch, ...columns].map((_, index) => index + 1).join(', '));
    const { rows } = await sql<CountedRow & { stretch: number }>`
      select ${stretch} as stretch, ${sql.join([...columns, sums()])} from ${counted(query)}
      group by ${groups} order by ${groups}`.execute(this.#db);
    return rows
      .filter(({ requests }) => requests > 0)
      .map((row) => ({
        ...totals(row),
        from: interval === undefined ? from : row.stretch,
        group: Object.fromEntries(wanted.map((grouping) => [grouping, row[COLUMN_OF[grouping]] || null])),
      }));
  }

  async rowsOf(requestId: string): Promise<readonly LedgerRow[]> {
    const rows = await this.#db
      .selectFrom('ledger')
      .selectAll()
      .where('request_id', '=', requestId)
      .orderBy('seq')
      .execute();
    return rows.map(fromRecord);
  }

  /** Until everything that was appended is written, or has failed. */
  idle(): Promise<void> {
    return this.#commits.idle();
  }
}

function totals(row: Sums) {
  return { requests: row.requests, usage: usageOf(row), cost: row.cost };
}
