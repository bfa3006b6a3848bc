import type { ErrorRow } from './error-row.ts';

/** Statuses under which a provider may say that a prompt is too long. */
const REFUSED = [400, 413, 422] as const;

/**
 * What holds at every provider that has no row of its own for it: the OpenAI names, which most hosts copy, then texts, then
 * bare statuses. Rate-limit wording stands before the texts about length, since the two overlap ("too many tokens").
 */
export const GENERIC_ROWS: readonly ErrorRow[] = [
  {
    code: [
      'insufficient_quota',
      'credit_balance_exhausted',
      'organization_spend_limit_exceeded',
      'project_spend_limit_exceeded',
      'organization_usage_limit_exceeded',
      'billing_hard_limit_reached',
      'billing_not_active',
    ],
    kind: 'quota_exhausted',
    clears: 'by-hand',
  },
  {
    status: [413, 429],
    message: /request too large|request is too large for|limit \d+, requested \d+.*must be reduced/i,
    kind: 'request_too_large_for_limit',
  },
  { status: 429, message: /\b(?:RPD|TPD)\b|per day\b/i, kind: 'quota_exhausted' },
  // Azure says so under the code of a rate limit.
  { status: 429, message: /experiencing high demand|temporarily unable to process/i, kind: 'overloaded' },
  {
    code: ['rate_limit_exceeded', 'rate_limit_error', 'rate_limited', 'too_many_requests', 'slow_down'],
    kind: 'rate_limited',
  },
  {
    code: [
      'server_is_overloaded',
      'service_unavailable_error',
      'overloaded_error',
      'resource_unavailable',
      'insufficient_system_resource',
    ],
    kind: 'overloaded',
  },
  { code: ['invalid_api_key', 'authentication_error', 'invalid_authentication'], kind: 'authentication' },
  { code: ['model_not_found', 'model_not_available', 'not_found_error'], kind: 'model_not_found' },
  { code: 'context_length_exceeded', kind: 'context_length' },
  {
    code: ['content_filter', 'content_policy_violation', 'ResponsibleAIPolicyViolation', 'moderation_blocked'],
    kind: 'content_filter',
  },
  {
    status: REFUSED,
    message:
      /context (?:length|window|size)|maximum (?:context|prompt) length|prompt is too long|prompt too long|input is too long|reduce the length of the messages|exceeds the (?:maximum|context)|exceeded model token limit|too many tokens/i,
    kind: 'context_length',
  },
  {
    status: REFUSED,
    message: /content (?:policy|filter|management)|safety (?:system|policy)/i,
    kind: 'content_filter',
  },
  { status: 400, message: /\bmodel\b.{0,120}\b(?:not found|does not exist|not exist)\b/i, kind: 'model_not_found' },
  { status: 401, kind: 'authentication' },
  { status: 402, kind: 'quota_exhausted', clears: 'by-hand' },
  { status: 403, kind: 'permission' },
  { status: 404, kind: 'model_not_found' },
  { status: 408, kind: 'timeout' },
  { status: 409, kind: 'server_error' },
  { status: 413, kind: 'context_length' },
  { status: 424, kind: 'server_error' },
  { status: 429, kind: 'rate_limited' },
  // Groq's flex tier is full; at Cohere the same status is a dead key.
  { status: 498, message: /\btoken\b/i, kind: 'authentication' },
  { status: 498, kind: 'overloaded' },
  { status: 499, kind: 'server_error' },
  { status: [503, 529], kind: 'overloaded' },
  { code: ['permission_error', 'permission_denied'], kind: 'permission' },
  { code: ['invalid_request_error', 'invalid_request'], status: [400, 422], kind: 'invalid_request' },
];
