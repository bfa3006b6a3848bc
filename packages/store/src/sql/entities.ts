import { PipelineError, type Clock, type JsonObject } from '@x/core';
import type { Kysely, Transaction } from 'kysely';
import type { Entity, EntityChange, EntityKind, EntityStore, PutOptions } from '../durable/durable-store.ts';
import { auditRecord } from './audit.ts';
import type { EntityTable, Tables } from './tables.ts';

export class SqlEntities implements EntityStore {
  readonly #db: Kysely<Tables>;
  readonly #clock: Clock;

  constructor(db: Kysely<Tables>, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  async all(): Promise<readonly Entity[]> {
    const rows = await this.#db.selectFrom('entities').selectAll().where('data', 'is not', null).execute();
    return rows.flatMap((row) => entityOf(row) ?? []);
  }

  async get(kind: EntityKind, id: string): Promise<Entity | undefined> {
    const row = await find(this.#db, kind, id);
    return row && entityOf(row);
  }

  async changesSince(revision: number, limit?: number): Promise<readonly EntityChange[]> {
    const all = this.#db.selectFrom('entities').selectAll().where('revision', '>', revision).orderBy('revision');
    const rows = await (limit === undefined ? all : all.limit(limit)).execute();
    return rows.map((row) => ({ ...row, kind: row.kind as EntityKind, data: dataOf(row) }));
  }

  put({ kind, id, data }: Omit<Entity, 'revision'>, options: PutOptions): Promise<Entity> {
    return this.#change({ kind, id }, data, options, (revision) => ({ kind, id, data, revision }));
  }

  async delete(kind: EntityKind, id: string, options: PutOptions): Promise<boolean> {
    if ((await this.get(kind, id)) === undefined) return false;
    return this.#change({ kind, id }, undefined, options, () => true);
  }

  #change<T>(
    which: Pick<Entity, 'kind' | 'id'>,
    data: JsonObject | undefined,
    options: PutOptions,
    made: (revision: number) => T,
  ): Promise<T> {
    return this.#db.transaction().execute(async (transaction) => {
      // First of all: whoever comes next waits here, so that revisions become visible in their order.
      const revision = await nextRevision(transaction);
      const was = await find(transaction, which.kind, which.id);
      const before = was && dataOf(was);
      checkExpected(options.expected, before === undefined ? 0 : (was?.revision ?? 0), which);
      const row = { ...which, revision, data: data === undefined ? null : JSON.stringify(data) };
      await transaction
        .insertInto('entities')
        .values(row)
        .onConflict((conflict) => conflict.columns(['kind', 'id']).doUpdateSet({ revision, data: row.data }))
        .execute();
      const { actor, action } = options;
      const entry = { ...actor, ...which, at: this.#clock.now(), action, before: before ?? null, after: data ?? null };
      await transaction.insertInto('audit').values(auditRecord(entry)).execute();
      return made(revision);
    });
  }
}

async function nextRevision(transaction: Transaction<Tables>): Promise<number> {
  const row = await transaction
    .updateTable('revisions')
    .set((set) => ({ value: set('value', '+', 1) }))
    .where('name', '=', 'entities')
    .returning('value')
    .executeTakeFirstOrThrow();
  return row.value;
}

function find(db: Kysely<Tables>, kind: EntityKind, id: string): Promise<EntityTable | undefined> {
  return db.selectFrom('entities').selectAll().where('kind', '=', kind).where('id', '=', id).executeTakeFirst();
}

function checkExpected(expected: number | undefined, found: number, { kind, id }: Pick<Entity, 'kind' | 'id'>): void {
  if (expected === undefined || expected === found) return;
  const told = expected === 0 ? 'is there already' : 'has been changed or deleted meanwhile';
  throw new PipelineError('invalid_request', `the ${kind} ${JSON.stringify(id)} ${told}`, { code: 'conflict' });
}

function entityOf(row: EntityTable): Entity | undefined {
  const data = dataOf(row);
  return data && { kind: row.kind as EntityKind, id: row.id, revision: row.revision, data };
}

function dataOf({ data }: EntityTable): JsonObject | undefined {
  return data === null ? undefined : (JSON.parse(data) as JsonObject);
}
