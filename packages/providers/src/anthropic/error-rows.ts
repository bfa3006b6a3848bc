import type { ErrorRow } from '../errors/error-row.ts';

/** Anthropic. Source: platform.claude.com error and rate limit pages (2026-09). */
export const ANTHROPIC_ROWS: readonly ErrorRow[] = [
  // The monthly cap of a usage tier: a 429 without any hint, which no wait of minutes will end.
  { code: 'enforced_spend_limit_reached', kind: 'quota_exhausted', clears: 'next-month-utc' },
  // A limit that the customer set: the message names the day on which it ends.
  {
    status: [400, 429],
    message: /api usage limits|regain access on/i,
    kind: 'quota_exhausted',
    clears: 'date-in-message',
  },
  { message: /credit balance is too low/i, kind: 'quota_exhausted', clears: 'by-hand' },
  { code: 'billing_error', kind: 'quota_exhausted', clears: 'by-hand' },
  { code: 'api_error', message: /^overloaded$/i, kind: 'overloaded' },
  { status: 401, message: /^CORS requests are not allowed/i, kind: 'invalid_request' },
  { status: 413, code: 'request_too_large', kind: 'context_length' },
  { status: 400, message: /prompt is too long|exceed context limit/i, kind: 'context_length' },
  { status: 400, message: /content filtering policy/i, kind: 'content_filter' },
  { code: ['timeout_error', 'conflict_error', 'api_error'], kind: 'server_error' },
];
