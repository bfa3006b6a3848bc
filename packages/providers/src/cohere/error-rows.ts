import type { ErrorRow } from '../errors/error-row.ts';

/** Source: Cohere's pages on errors and rate limits, 2026. Bodies hold a message alone, so words and statuses decide. */
export const COHERE_ROWS: readonly ErrorRow[] = [
  // A trial key's calls of a month.
  { status: 429, message: /\/ ?month|per month/i, kind: 'quota_exhausted', clears: 'next-month-utc' },
  // The limit of spending that its owner has set.
  { status: 402, message: /spending limit|billing cap/i, kind: 'quota_exhausted', clears: 'next-month-utc' },
  { status: 498, kind: 'authentication' },
];
