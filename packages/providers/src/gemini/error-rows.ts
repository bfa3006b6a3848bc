import type { ErrorRow } from '../errors/error-row.ts';

/**
 * Google Gemini, by status name, `ErrorInfo.reason` and the ids of violated quotas. Sources: ai.google.dev error pages (2026-09), and
 * how Google's own command line client reads them.
 */
export const GEMINI_ROWS: readonly ErrorRow[] = [
  { code: 'API_KEY_INVALID', kind: 'authentication' },
  { status: 400, message: /api key (?:not valid|expired|not found)/i, kind: 'authentication' },
  // A violated daily quota also carries a retry delay of some seconds, which is not the truth.
  { status: 429, code: /PerDay|Daily/, kind: 'quota_exhausted', clears: 'next-day-pacific' },
  { status: 429, message: /limit:\s*0(?!\d|\.\d)/, kind: 'permission' },
  { status: 429, message: /PerDay|per day/i, kind: 'quota_exhausted', clears: 'next-day-pacific' },
  { code: ['MODEL_CAPACITY_EXHAUSTED', 'MODEL_CAPACITY_EXCEEDED'], kind: 'overloaded' },
  { code: ['QUOTA_EXHAUSTED', 'INSUFFICIENT_G1_CREDITS_BALANCE'], kind: 'quota_exhausted' },
  { status: [400, 500], message: /input (?:token count|context)/i, kind: 'context_length' },
  { status: 400, code: 'FAILED_PRECONDITION', kind: 'permission' },
];
