import { sql, type RawBuilder } from 'kysely';
import type { LedgerScope } from '../durable/ledger.ts';
import { COUNTED, OWNED } from './migrations.ts';
import { HOUR_MS } from './records.ts';
import type { Tables } from './tables.ts';

/** What was counted in a stretch of time for one owner, provider and model, in the columns of `usage`. */
export type CountedRow = Tables['usage'];

/**
 * Everything that was counted in a scope, as a subquery with the columns of `usage`: sums of the hours that lie in it whole, and
 * single answers at its edges. Reads few rows, however long the scope.
 */
export function counted(scope: LedgerScope): RawBuilder<CountedRow> {
  const from = Math.ceil(scope.from);
  const to = Math.ceil(scope.to);
  const firstHour = Math.ceil(from / HOUR_MS) * HOUR_MS;
  const lastHour = Math.max(firstHour, Math.floor(to / HOUR_MS) * HOUR_MS);
  const inHours = sql.join(
    ownersOf(scope, (name) => sql`${sql.ref(name)} = ''`),
    sql``,
  );
  const whole = sql`select ${COLUMNS} from "usage" where at >= ${firstHour} and at < ${lastHour} ${inHours}`;
  const inRows = sql.join(
    ownersOf(scope, (name) => sql`${sql.ref(name)} is null`),
    sql``,
  );
  const edge = (start: number, end: number) =>
    sql`select ${ANSWER_COLUMNS} from ledger where type = 'answer' and at >= ${start} and at < ${end} ${inRows}`;
  const before = edge(from, Math.min(firstHour, to));
  const after = edge(Math.min(lastHour, to), to);
  return sql<CountedRow>`(${whole} union all ${before} union all ${after}) as counted`;
}

const COLUMNS = sql.join(['at', ...OWNED, 'requests', ...COUNTED].map((name) => sql.ref(name)));

const ANSWER_COLUMNS = sql.join([
  sql.ref('at'),
  ...['customer', 'team', 'virtual_key'].map((name) => sql`coalesce(${sql.ref(name)}, '')`),
  sql.ref('provider'),
  sql.ref('model'),
  sql`1`,
  ...COUNTED.map((name) => sql.ref(name)),
]);

/** `none` says in a table's own way that an owner is not there. Plain comparisons alone, so that indexes serve. */
function ownersOf(
  { customer, team, virtualKey, provider }: LedgerScope,
  none: (name: string) => RawBuilder<unknown>,
): RawBuilder<unknown>[] {
  return Object.entries({ customer, team, virtual_key: virtualKey, provider })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => sql` and ${value == null ? none(name) : sql`${sql.ref(name)} = ${value}`}`);
}

/** The sums of `COUNTED` and of requests, as numbers of JavaScript: PostgreSQL's sum of a bigint is a numeric. */
export function sums(): RawBuilder<unknown> {
  return sql.join(
    ['requests', ...COUNTED].map((name) => sql`cast(coalesce(sum(${sql.ref(name)}), 0) as bigint) as ${sql.ref(name)}`),
  );
}
