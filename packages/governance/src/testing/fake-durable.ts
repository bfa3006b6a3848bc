import { addUsage, NO_USAGE, PipelineError } from '@x/core';
import type {
  AuditEntry,
  DurableStore,
  Entity,
  EntityChange,
  EntityStore,
  Ledger,
  LedgerEntry,
  LedgerRow,
  LedgerScope,
} from '@x/store';

const HOUR_MS = 3_600_000;

type Stored = LedgerRow & { readonly seq: number };

/** A durable store in memory, which can be away, and slow. */
export class FakeDurable implements DurableStore {
  readonly rows: Stored[] = [];
  readonly #ids = new Set<string>();
  readonly entries: AuditEntry[] = [];
  readonly changes: EntityChange[] = [];
  /** What it rejects with. */
  away: Error | undefined;
  /** Waited for before rows are safe. */
  beforeAppend: (() => Promise<void>) | undefined;
  /** Reads of a ledger's totals. */
  reads = 0;

  get answers(): Stored[] {
    return this.rows.filter(({ type }) => type === 'answer');
  }

  readonly entities: EntityStore = {
    all: async () => this.#live(),
    get: async (kind, id) => this.#live().find((entity) => entity.kind === kind && entity.id === id),
    changesSince: async (revision, limit) => {
      this.#check();
      return this.changes.filter((change) => change.revision > revision).slice(0, limit);
    },
    put: async (entity, { actor, action, expected }) => {
      this.#check();
      const before = this.#live().find(({ kind, id }) => kind === entity.kind && id === entity.id);
      if (expected !== undefined && expected !== (before?.revision ?? 0)) {
        throw new PipelineError('invalid_request', 'another change came first', { code: 'conflict' });
      }
      const put = { ...entity, revision: this.changes.length + 1 };
      this.changes.push(put);
      const { kind, id, data } = entity;
      this.#audit({ ...actor, at: 0, action, kind, id, before: before?.data ?? null, after: data });
      return put;
    },
    delete: async (kind, id, { actor, action }) => {
      this.#check();
      const before = this.#live().find((entity) => entity.kind === kind && entity.id === id);
      this.changes.push({ kind, id, revision: this.changes.length + 1, data: undefined });
      this.#audit({ ...actor, at: 0, action, kind, id, before: before?.data ?? null, after: null });
      return before !== undefined;
    },
  };

  readonly audit: DurableStore['audit'] = {
    append: async (entry) => this.#audit(entry),
    list: async () => this.entries.toReversed(),
  };

  readonly ledger: Ledger = {
    append: async (rows) => {
      this.#check();
      await this.beforeAppend?.();
      this.#check();
      for (const row of rows) {
        if (this.#ids.has(row.id)) continue;
        this.#ids.add(row.id);
        this.rows.push({ ...row, seq: this.rows.length + 1 });
      }
      return this.rows.length;
    },
    entries: async (scope) => {
      this.#check();
      this.reads += 1;
      const byHour = new Map<number, LedgerEntry>();
      for (const { at, usage, cost } of this.#within(scope)) {
        const hour = Math.max(scope.from, Math.floor(at / HOUR_MS) * HOUR_MS);
        const before = byHour.get(hour) ?? { at: hour, requests: 0, usage: NO_USAGE, cost: 0 };
        byHour.set(hour, {
          at: hour,
          requests: before.requests + 1,
          usage: addUsage(before.usage, usage),
          cost: before.cost + cost,
        });
      }
      return { entries: [...byHour.values()], upTo: this.rows.length };
    },
    answersOf: async (leaseIds) => {
      this.#check();
      return this.answers.filter(({ leaseId }) => leaseId !== null && leaseIds.includes(leaseId));
    },
    usage: async (query) => {
      const rows = this.#within(query);
      const usage = rows.reduce((sum, row) => addUsage(sum, row.usage), NO_USAGE);
      const cost = rows.reduce((sum, row) => sum + row.cost, 0);
      return [{ group: {}, from: query.from, requests: rows.length, usage, cost }];
    },
    rowsOf: async (requestId) => this.rows.filter((row) => row.requestId === requestId),
  };

  readonly requests: DurableStore['requests'] = { add: () => undefined, list: async () => [], prune: async () => 0 };

  check = async () => this.away?.message;
  close = async () => undefined;

  #check(): void {
    if (this.away !== undefined) throw this.away;
  }

  #live(): Entity[] {
    this.#check();
    const live = new Map<string, Entity>();
    for (const { kind, id, data, revision } of this.changes) {
      if (data === undefined) live.delete(`${kind} ${id}`);
      else live.set(`${kind} ${id}`, { kind, id, data, revision });
    }
    return [...live.values()];
  }

  #within({ from, to, customer, team, virtualKey, provider }: LedgerScope): Stored[] {
    return this.answers.filter(
      (row) =>
        row.at >= from &&
        row.at < to &&
        (customer === undefined || row.customer === customer) &&
        (team === undefined || row.team === team) &&
        (virtualKey === undefined || row.virtualKey === virtualKey) &&
        (provider === undefined || row.provider === provider),
    );
  }

  #audit(entry: Omit<AuditEntry, 'seq'>): void {
    this.entries.push({ ...entry, seq: this.entries.length + 1 });
  }
}
