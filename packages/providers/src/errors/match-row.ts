import { header, type HttpHeaders } from '@x/core';
import type { ErrorRow } from './error-row.ts';
import type { WireError } from './wire-error.ts';

/** What a row is held against. */
export interface Refusal {
  /** Undefined for an error inside a stream whose body names no status. */
  readonly status: number | undefined;
  readonly headers: HttpHeaders;
  readonly error: WireError;
}

export function matchRow(rows: readonly ErrorRow[], refusal: Refusal): ErrorRow | undefined {
  return rows.find((row) => matches(row, refusal));
}

function matches(row: ErrorRow, { status, headers, error }: Refusal): boolean {
  if (!statusFits(row, status)) return false;
  if (row.code !== undefined && !codeFits(row.code, error.codes)) return false;
  if (row.message !== undefined && !row.message.test(error.message)) return false;
  return row.header === undefined || header(headers, row.header.name) === row.header.value;
}

function statusFits(row: ErrorRow, status: number | undefined): boolean {
  if (row.status === undefined) return true;
  // Inside a stream there is no status to compare, so the row's other conditions decide; there must be some.
  if (status === undefined) return row.code !== undefined || row.message !== undefined;
  return typeof row.status === 'number' ? row.status === status : row.status.includes(status);
}

function codeFits(wanted: NonNullable<ErrorRow['code']>, codes: readonly string[]): boolean {
  if (wanted instanceof RegExp) return codes.some((code) => wanted.test(code));
  return typeof wanted === 'string' ? codes.includes(wanted) : wanted.some((code) => codes.includes(code));
}
