import type { Generated } from 'kysely';

// Money is in nano-USD, times are epoch milliseconds: both whole numbers below 2^53. JSON is kept as text, which both databases have.

/** Rows are written once and never changed. */
export interface LedgerTable {
  seq: Generated<number>;
  id: string;
  type: 'attempt' | 'answer';
  request_id: string;
  lease_id: string | null;
  customer: string | null;
  team: string | null;
  virtual_key: string | null;
  at: number;
  duration_ms: number;
  provider: string;
  model: string;
  key_name: string | null;
  outcome: string;
  input_tokens: number;
  cache_read_tokens: number;
  cache_write_tokens: number;
  output_tokens: number;
  reasoning_tokens: number;
  cost: number;
  price: string | null;
}

/** Sums of answers by the hour, kept in the transaction that appends them. An owner that is not there is an empty text. */
export interface UsageTable {
  at: number;
  customer: string;
  team: string;
  virtual_key: string;
  provider: string;
  model: string;
  requests: number;
  input_tokens: number;
  cache_read_tokens: number;
  cache_write_tokens: number;
  output_tokens: number;
  reasoning_tokens: number;
  cost: number;
}

/** `data` is null for what was deleted, so that those who come later learn of it. */
export interface EntityTable {
  kind: string;
  id: string;
  revision: number;
  data: string | null;
}

/** One row: the last revision. Whoever changes an entity locks it, so revisions become visible in their order. */
export interface RevisionTable {
  name: string;
  value: number;
}

export interface AuditTable {
  seq: Generated<number>;
  at: number;
  via: string;
  source: string | null;
  action: string;
  kind: string;
  id: string;
  before: string | null;
  after: string | null;
}

export interface RequestTable {
  id: string;
  at: number;
  virtual_key: string | null;
  served: string | null;
  outcome: string;
  record: string;
  request_body: string | null;
  response_body: string | null;
}

export interface Tables {
  ledger: LedgerTable;
  usage: UsageTable;
  entities: EntityTable;
  revisions: RevisionTable;
  audit: AuditTable;
  requests: RequestTable;
}
