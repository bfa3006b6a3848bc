import { providerFaults } from './provider-row.ts';

function body(type: string, message: string, details?: Readonly<Record<string, string>>) {
  return { type: 'error', error: { type, message, ...(details && { details }) }, request_id: 'req_011' };
}

/** Anthropic. Source: platform.claude.com error and rate limit pages (2026-09). */
export const ANTHROPIC_FAULTS = providerFaults('anthropic', [
  {
    name: 'anthropic_rate_limit',
    does: 'The cap of input tokens a minute, with `retry-after`.',
    kind: 'rate_limited',
    hintMs: 4_000,
    status: 429,
    headers: { 'retry-after': '4' },
    body: body(
      'rate_limit_error',
      "This request would exceed your organization's rate limit of 40,000 input tokens per minute.",
    ),
  },
  {
    name: 'anthropic_acceleration',
    does: 'Traffic that grew too fast, without a hint.',
    kind: 'rate_limited',
    status: 429,
    body: body(
      'rate_limit_error',
      'This request would exceed your organization’s acceleration limit. Please scale up gradually.',
    ),
  },
  {
    name: 'anthropic_spend_limit',
    does: "The tier's monthly cap: a rate limit by its type, and no wait helps.",
    kind: 'quota_exhausted',
    hintMs: 2_678_400_000,
    status: 429,
    body: body('rate_limit_error', 'You have reached your monthly spend limit.', {
      error_code: 'enforced_spend_limit_reached',
    }),
  },
  {
    name: 'anthropic_usage_limit',
    does: 'A limit that the customer has set, as a 400 that names the day on which it ends.',
    kind: 'quota_exhausted',
    status: 400,
    body: body(
      'invalid_request_error',
      'You have reached your specified API usage limits. You will regain access on 2026-02-01 at 00:00 UTC.',
    ),
  },
  {
    name: 'anthropic_workspace_limit',
    does: "A workspace's limit, as a 429 with a hint that means nothing.",
    kind: 'quota_exhausted',
    status: 429,
    headers: { 'retry-after': '30' },
    body: body(
      'rate_limit_error',
      'You have reached your specified workspace API usage limits. You will regain access on 2026-02-01 at 00:00 UTC.',
    ),
  },
  {
    name: 'anthropic_no_credit',
    does: 'No money, as a 400.',
    kind: 'quota_exhausted',
    status: 400,
    body: body('invalid_request_error', 'Your credit balance is too low to access the Anthropic API.'),
  },
  {
    name: 'anthropic_billing',
    does: 'No money, as a 402.',
    kind: 'quota_exhausted',
    status: 402,
    body: body('billing_error', 'Payment required.'),
  },
  {
    name: 'anthropic_overloaded',
    does: 'No capacity: a 529.',
    kind: 'overloaded',
    status: 529,
    body: body('overloaded_error', 'Overloaded'),
  },
  {
    name: 'anthropic_overloaded_500',
    does: 'No capacity that calls itself a server error.',
    kind: 'overloaded',
    status: 500,
    body: body('api_error', 'Overloaded'),
  },
  {
    name: 'anthropic_overloaded_in_stream',
    does: 'No capacity, told by the first event of a stream.',
    kind: 'overloaded',
    status: 200,
    inStream: true,
    body: `event: error\ndata: ${JSON.stringify(body('overloaded_error', 'Overloaded'))}\n\n`,
  },
  {
    name: 'anthropic_server_error',
    does: 'A 500.',
    kind: 'server_error',
    status: 500,
    body: body('api_error', 'Internal server error'),
  },
  {
    name: 'anthropic_conflict',
    does: 'A 409.',
    kind: 'server_error',
    status: 409,
    body: body('conflict_error', 'Conflict'),
  },
  {
    name: 'anthropic_timeout',
    does: 'A 504.',
    kind: 'server_error',
    status: 504,
    body: body('timeout_error', 'Timed out'),
  },
  {
    name: 'anthropic_invalid_key',
    does: 'A dead key.',
    kind: 'authentication',
    status: 401,
    body: body('authentication_error', 'invalid x-api-key'),
  },
  {
    name: 'anthropic_cors',
    does: 'A 401 that is no dead key: a header of the caller that must not be there.',
    kind: 'invalid_request',
    status: 401,
    body: body('authentication_error', 'CORS requests are not allowed for this Organization because of its settings.'),
  },
  {
    name: 'anthropic_permission',
    does: 'A key that may not use the model.',
    kind: 'permission',
    status: 403,
    body: body('permission_error', 'Your API key does not have permission to use the specified resource.'),
  },
  {
    name: 'anthropic_model_not_found',
    does: 'A model that does not exist.',
    kind: 'model_not_found',
    status: 404,
    body: body('not_found_error', 'model: claude-9'),
  },
  {
    name: 'anthropic_prompt_too_long',
    does: 'A prompt too long for the model.',
    kind: 'context_length',
    status: 400,
    body: body('invalid_request_error', 'prompt is too long: 210000 tokens > 200000 maximum'),
  },
  {
    name: 'anthropic_request_too_large',
    does: 'A request of too many bytes.',
    kind: 'context_length',
    status: 413,
    body: body('request_too_large', 'Request exceeds the maximum size'),
  },
  {
    name: 'anthropic_content_policy',
    does: 'A prompt that is refused for its content.',
    kind: 'content_filter',
    status: 400,
    body: body('invalid_request_error', 'Output blocked by content filtering policy'),
  },
  {
    name: 'anthropic_invalid_request',
    does: "A mistake of the caller's.",
    kind: 'invalid_request',
    status: 400,
    body: body('invalid_request_error', 'messages: at least one message is required'),
  },
]);
