import type { ErrorRow } from '../errors/error-row.ts';

/** What these hosts say otherwise than OpenAI. Each table stands before the generic one. Sources: the hosts' own error pages, 2026. */

export const GROQ_ROWS: readonly ErrorRow[] = [
  { status: [413, 429], message: /request too large for model/i, kind: 'request_too_large_for_limit' },
  { status: 498, kind: 'overloaded' },
  { code: 'capacity_exceeded', kind: 'overloaded' },
  // The model wrote something that its own checks refused: another try may do better.
  { code: ['json_validate_failed', 'tool_use_failed'], kind: 'server_error' },
];

export const MISTRAL_ROWS: readonly ErrorRow[] = [
  { code: ['3505', 'service_tier_capacity_exceeded'], kind: 'overloaded' },
  {
    status: 429,
    header: { name: 'x-ratelimit-remaining-tokens-month', value: '0' },
    kind: 'quota_exhausted',
    clears: 'next-month-utc',
  },
  { message: /request queue is full/i, kind: 'overloaded' },
  { message: /too large for model with \d+ maximum context length/i, kind: 'context_length' },
];

export const DEEPSEEK_ROWS: readonly ErrorRow[] = [{ status: 402, kind: 'quota_exhausted', clears: 'by-hand' }];

export const OPENROUTER_ROWS: readonly ErrorRow[] = [
  // Not money but too many requests at once; it is the only 402 that a wait ends.
  { status: 402, code: ['openrouter_in_flight_budget', 'in_flight_budget_exhausted'], kind: 'rate_limited' },
  {
    code: ['payment_required', 'openrouter_credits', 'weight_exceeds_budget'],
    kind: 'quota_exhausted',
    clears: 'by-hand',
  },
  { code: ['provider_overloaded', 'provider_unavailable'], kind: 'overloaded' },
  { code: 'upstream_provider_shared_pool', kind: 'overloaded' },
  { status: 403, message: /moderation|flagged/i, kind: 'content_filter' },
  { status: 503, kind: 'overloaded' },
];

export const TOGETHER_ROWS: readonly ErrorRow[] = [
  { code: ['dynamic_request_limited', 'dynamic_token_limited'], kind: 'rate_limited' },
];

export const FIREWORKS_ROWS: readonly ErrorRow[] = [
  // The account is suspended: like a dead key, it needs a person.
  { status: 412, kind: 'authentication' },
];

export const CEREBRAS_ROWS: readonly ErrorRow[] = [
  { code: 'queue_exceeded', kind: 'overloaded' },
  { code: ['request_quota_exceeded', 'token_quota_exceeded'], kind: 'rate_limited' },
];

export const XAI_ROWS: readonly ErrorRow[] = [
  { status: 400, message: /api key/i, kind: 'authentication' },
  { status: 403, message: /credits|spending limit/i, kind: 'quota_exhausted', clears: 'by-hand' },
];

export const PERPLEXITY_ROWS: readonly ErrorRow[] = [
  // Out of credits looks like a dead key here.
  { status: 401, message: /credit|quota|billing|balance/i, kind: 'quota_exhausted', clears: 'by-hand' },
];

export const NVIDIA_ROWS: readonly ErrorRow[] = [];
