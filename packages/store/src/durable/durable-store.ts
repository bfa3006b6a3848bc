import type { JsonObject } from '@x/core';
import type { Ledger } from './ledger.ts';

export const ENTITY_KINDS = ['customer', 'team', 'virtual-key'] as const;
export type EntityKind = (typeof ENTITY_KINDS)[number];

/** Something that operators make and change. What is in `data` is for whoever wrote it. */
export interface Entity {
  readonly kind: EntityKind;
  readonly id: string;
  readonly data: JsonObject;
  /** Counts the changes of all entities: larger is later. */
  readonly revision: number;
}

/** What became of an entity: its newest state, or that it is gone. */
export interface EntityChange {
  readonly kind: EntityKind;
  readonly id: string;
  readonly revision: number;
  /** Undefined where it was deleted. */
  readonly data: JsonObject | undefined;
}

/** Who did it, by which way. */
export interface Actor {
  /** Such as `admin-api`, `cli`, `configuration`. */
  readonly via: string;
  /** Where a call came from: an address or a user's name. */
  readonly from?: string;
}

export interface AuditEntry extends Actor {
  readonly seq: number;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly action: 'create' | 'update' | 'delete' | 'rotate' | 'revoke' | 'reset';
  readonly kind: string;
  readonly id: string;
  /** What it was and became, without secrets. */
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
}

export interface PutOptions {
  readonly actor: Actor;
  readonly action: AuditEntry['action'];
  /** The revision that the change was made from; 0 for one that must not exist yet. Undefined: whatever is there. */
  readonly expected?: number;
}

/** Entities, each change of which is in the audit log, in the same transaction. */
export interface EntityStore {
  all(): Promise<readonly Entity[]>;
  get(kind: EntityKind, id: string): Promise<Entity | undefined>;
  /**
   * Changes after a revision, oldest first, the newest of each entity alone: how replicas learn of each other's. `limit` for at most so
   * many of them, so that whoever reads all need not hold all at once.
   */
  changesSince(revision: number, limit?: number): Promise<readonly EntityChange[]>;
  /** @throws PipelineError `invalid_request`, code `conflict`, where another change came first */
  put(entity: Omit<Entity, 'revision'>, options: PutOptions): Promise<Entity>;
  /** False where there was none. */
  delete(kind: EntityKind, id: string, options: PutOptions): Promise<boolean>;
}

export interface AuditQuery {
  readonly kind?: string;
  readonly id?: string;
  /** Entries before this sequence number. @default the newest */
  readonly before?: number;
  /** @default 100, at most 1000 */
  readonly limit?: number;
}

export interface AuditLog {
  /** For what is no entity, such as a reset of a counter. */
  append(entry: Omit<AuditEntry, 'seq'>): Promise<void>;
  /** Newest first. */
  list(query: AuditQuery): Promise<readonly AuditEntry[]>;
}

/** One request as it was logged: the record of `@x/telemetry`, and bodies where they are kept. */
export interface LoggedRequest {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly virtualKey: string | null;
  readonly served: string | null;
  readonly outcome: string;
  readonly record: JsonObject;
  readonly requestBody: string | null;
  readonly responseBody: string | null;
}

export interface RequestLogQuery {
  readonly id?: string;
  readonly virtualKey?: string;
  readonly outcome?: string;
  readonly from?: number;
  readonly to?: number;
  /** Those behind this one in the list: several may have come at the same time. @default from the newest */
  readonly before?: Pick<LoggedRequest, 'at' | 'id'>;
  /** @default 100, at most 1000 */
  readonly limit?: number;
}

export interface RequestLog {
  /** Written soon, not at once: losing the last of them in a crash loses no money. */
  add(request: LoggedRequest): void;
  /** Newest first. What was added before is in it. */
  list(query: RequestLogQuery): Promise<readonly LoggedRequest[]>;
  /** Takes out what is older than `maxAgeMs`, and the oldest beyond `maxRows`. Resolves to how many. */
  prune(limits: { readonly maxAgeMs: number; readonly maxRows: number }): Promise<number>;
}

/** What outlives the process. */
export interface DurableStore {
  readonly entities: EntityStore;
  readonly audit: AuditLog;
  readonly ledger: Ledger;
  readonly requests: RequestLog;
  /** Whether it answers. Resolves to the reason where it does not. */
  check(): Promise<string | undefined>;
  /** Writes what is still in memory. */
  close(): Promise<void>;
}
