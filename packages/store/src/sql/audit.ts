import type { JsonObject } from '@x/core';
import type { Insertable, Kysely } from 'kysely';
import type { AuditEntry, AuditLog, AuditQuery } from '../durable/durable-store.ts';
import type { AuditTable, Tables } from './tables.ts';

export class SqlAuditLog implements AuditLog {
  readonly #db: Kysely<Tables>;

  constructor(db: Kysely<Tables>) {
    this.#db = db;
  }

  async append(entry: Omit<AuditEntry, 'seq'>): Promise<void> {
    await this.#db.insertInto('audit').values(auditRecord(entry)).execute();
  }

  async list({ kind, id, before, limit = 100 }: AuditQuery): Promise<readonly AuditEntry[]> {
    let query = this.#db.selectFrom('audit').selectAll().orderBy('seq', 'desc').limit(Math.min(limit, 1_000));
    if (kind !== undefined) query = query.where('kind', '=', kind);
    if (id !== undefined) query = query.where('id', '=', id);
    if (before !== undefined) query = query.where('seq', '<', before);
    const rows = await query.execute();
    return rows.map(({ source, action, before: was, after, ...rest }) => ({
      ...rest,
      ...(source === null ? {} : { from: source }),
      action: action as AuditEntry['action'],
      before: parsed(was),
      after: parsed(after),
    }));
  }
}

export function auditRecord(entry: Omit<AuditEntry, 'seq'>): Insertable<AuditTable> {
  const { at, via, from = null, action, kind, id, before, after } = entry;
  return { at: Math.floor(at), via, source: from, action, kind, id, before: text(before), after: text(after) };
}

function text(value: JsonObject | null): string | null {
  return value === null ? null : JSON.stringify(value);
}

function parsed(text: string | null): JsonObject | null {
  return text === null ? null : (JSON.parse(text) as JsonObject);
}
