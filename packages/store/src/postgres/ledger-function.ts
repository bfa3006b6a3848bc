import { sql, type Kysely } from 'kysely';
import { COUNTED, OWNED } from '../sql/migrations.ts';
import { HOUR_MS, LEDGER_COLUMNS } from '../sql/records.ts';

/** Any number: whoever appends to the ledger holds the lock of it. */
const LEDGER_LOCK = 4_290_429;

const added = ['requests', ...COUNTED];
const owner = (name: string) => (name === 'provider' || name === 'model' ? name : `coalesce(${name}, '')`);

/**
 * `ledger_append(rows)` writes rows, given as JSON in the columns of `ledger`, and adds their answers to `usage`: one round trip, one
 * transaction. It takes a lock first, which is held until the commit is visible, so rows appear in the order of their numbers.
 */
export async function createLedgerFunction(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(
      `create or replace function ledger_append(rows jsonb) returns bigint language plpgsql as $$
declare last bigint;
begin
  perform pg_advisory_xact_lock(${LEDGER_LOCK});
  with inserted as (
    insert into ledger (${LEDGER_COLUMNS.join(', ')})
    select ${LEDGER_COLUMNS.join(', ')} from jsonb_to_recordset(rows) as given (${LEDGER_COLUMNS.map(typed).join(', ')})
    on conflict (id) do nothing
    returning *
  ), counted as (
    insert into "usage" (at, ${[...OWNED, ...added].join(', ')})
    select (at / ${HOUR_MS}) * ${HOUR_MS}, ${OWNED.map(owner).join(', ')}, count(*), ${COUNTED.map((name) => `sum(${name})`).join(', ')}
    from inserted where type = 'answer' group by 1, ${OWNED.map(owner).join(', ')}
    on conflict (at, ${OWNED.join(', ')}) do update set ${added.map((name) => `${name} = "usage".${name} + excluded.${name}`).join(', ')}
  )
  select max(seq) into last from inserted;
  return coalesce(last, (select max(seq) from ledger where id in (select row->>'id' from jsonb_array_elements(rows) as row)), 0);
end $$`,
    )
    .execute(db);
}

const NUMBERS: ReadonlySet<string> = new Set(['at', ...COUNTED]);

function typed(name: string): string {
  if (name === 'duration_ms') return `${name} double precision`;
  return `${name} ${NUMBERS.has(name) ? 'bigint' : 'text'}`;
}
