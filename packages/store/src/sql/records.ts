import type { Usage } from '@x/core';
import type { LedgerRow } from '../durable/ledger.ts';
import { COUNTED } from './migrations.ts';
import type { LedgerTable } from './tables.ts';

/** A row of the ledger as the database has it. */
export type LedgerRecord = Omit<LedgerTable, 'seq'>;

export const HOUR_MS = 3_600_000;

/** What is written of a row. Its number comes by itself. */
export const LEDGER_COLUMNS = [
  'id',
  'type',
  'request_id',
  'lease_id',
  'customer',
  'team',
  'virtual_key',
  'at',
  'duration_ms',
  'provider',
  'model',
  'key_name',
  'outcome',
  ...COUNTED,
  'price',
] as const satisfies readonly (keyof LedgerRecord)[];

/** Names and ids longer than this are cut: no caller writes a book into the ledger. */
const LONGEST_TEXT = 256;

export function toRecord(row: LedgerRow): LedgerRecord {
  const { usage } = row;
  return {
    id: row.id,
    type: row.type,
    request_id: row.requestId,
    lease_id: row.leaseId,
    customer: row.customer,
    team: row.team,
    virtual_key: row.virtualKey,
    at: Math.floor(row.at),
    duration_ms: row.durationMs,
    provider: storable(row.provider),
    model: storable(row.model),
    key_name: row.keyName === null ? null : storable(row.keyName),
    outcome: row.outcome,
    input_tokens: usage.inputTokens,
    cache_read_tokens: usage.cacheReadTokens,
    cache_write_tokens: usage.cacheWriteTokens,
    output_tokens: usage.outputTokens,
    reasoning_tokens: usage.reasoningTokens,
    cost: row.cost,
    price: row.price,
  };
}

export function fromRecord(record: LedgerRecord): LedgerRow {
  return {
    id: record.id,
    type: record.type,
    requestId: record.request_id,
    leaseId: record.lease_id,
    customer: record.customer,
    team: record.team,
    virtualKey: record.virtual_key,
    at: record.at,
    durationMs: record.duration_ms,
    provider: record.provider,
    model: record.model,
    keyName: record.key_name,
    outcome: record.outcome,
    usage: usageOf(record),
    cost: record.cost,
    price: record.price,
  };
}

export function usageOf(
  record: Pick<
    LedgerRecord,
    'input_tokens' | 'cache_read_tokens' | 'cache_write_tokens' | 'output_tokens' | 'reasoning_tokens'
  >,
): Usage {
  return {
    inputTokens: record.input_tokens,
    cacheReadTokens: record.cache_read_tokens,
    cacheWriteTokens: record.cache_write_tokens,
    outputTokens: record.output_tokens,
    reasoningTokens: record.reasoning_tokens,
  };
}

export function storable(text: string): string {
  return plain(text.length > LONGEST_TEXT ? text.slice(0, LONGEST_TEXT) : text);
}

/** What both databases keep as a text. PostgreSQL's hold neither NUL nor half a surrogate pair; names of models come from callers. */
export function plain(text: string): string {
  return PRINTABLE.test(text) ? text : Buffer.from(text.replaceAll('\0', '')).toString();
}

const PRINTABLE = /^[\x20-\x7e]*$/;
