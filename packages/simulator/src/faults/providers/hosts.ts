import { openaiBody as body, providerFaults } from './provider-row.ts';

// Hosts that copy OpenAI, and where they differ. Sources: their own error pages, 2026.

export const GROQ_FAULTS = providerFaults('groq', [
  {
    name: 'groq_tokens_per_minute',
    does: 'The cap of tokens a minute, with the time in the message.',
    kind: 'rate_limited',
    hintMs: 5_289,
    status: 429,
    body: body(
      'Rate limit reached for model `llama` on tokens per minute (TPM): Limit 6000, Used 5900, Requested 900. Please try again in 5.289s.',
      'tokens',
      'rate_limit_exceeded',
    ),
  },
  {
    name: 'groq_tokens_per_day',
    does: 'The cap of tokens a day.',
    kind: 'quota_exhausted',
    hintMs: 3_723_000,
    status: 429,
    body: body(
      'Rate limit reached for model `llama` on tokens per day (TPD): Limit 100000, Used 99900, Requested 900. Please try again in 1h2m3s.',
      'tokens',
      'rate_limit_exceeded',
    ),
  },
  {
    name: 'groq_request_too_large',
    does: 'One request above the whole cap of tokens a minute, as a 413.',
    kind: 'request_too_large_for_limit',
    status: 413,
    body: body(
      'Request too large for model `llama` in organization `org_1` service tier `on_demand` on tokens per minute (TPM): Limit 6000, Requested 9059, please reduce your message size and try again.',
      'tokens',
      'rate_limit_exceeded',
    ),
  },
  {
    name: 'groq_flex_full',
    does: 'No capacity in the flex tier: a 498.',
    kind: 'overloaded',
    status: 498,
    body: body('capacity exceeded', null, 'capacity_exceeded'),
  },
  {
    name: 'groq_json_failed',
    does: 'JSON that the model could not write, as a 400.',
    kind: 'server_error',
    status: 400,
    body: body('Failed to generate JSON.', 'invalid_request_error', 'json_validate_failed'),
  },
  {
    name: 'groq_too_long',
    does: 'A prompt too long for the model, known by its text alone.',
    kind: 'context_length',
    status: 400,
    body: body('Please reduce the length of the messages or completion.', 'invalid_request_error'),
  },
]);

const mistral = (message: string, type: string, code: string) => ({
  object: 'error',
  message,
  type,
  param: null,
  code,
});

export const MISTRAL_FAULTS = providerFaults('mistral', [
  {
    name: 'mistral_rate_limit',
    does: 'The cap of requests a second.',
    kind: 'rate_limited',
    status: 429,
    body: mistral('Rate limit exceeded', 'rate_limited', '1300'),
  },
  {
    name: 'mistral_capacity',
    does: 'No capacity, as a 429.',
    kind: 'overloaded',
    status: 429,
    body: mistral('Service tier capacity exceeded for this model.', 'service_tier_capacity_exceeded', '3505'),
  },
  {
    name: 'mistral_month',
    does: "The month's tokens are used up, known by a header alone.",
    kind: 'quota_exhausted',
    status: 429,
    headers: { 'x-ratelimit-remaining-tokens-month': '0' },
    body: mistral('Requests rate limit exceeded', 'rate_limited', '1300'),
  },
  {
    name: 'mistral_validation',
    does: 'A field that it does not know: a 422.',
    kind: 'invalid_request',
    status: 422,
    body: { detail: [{ type: 'extra_forbidden', loc: ['body', 'x'], msg: 'Extra inputs are not permitted' }] },
  },
  {
    name: 'mistral_queue_full',
    does: 'A full queue, as a text, with a hint.',
    kind: 'overloaded',
    hintMs: 1_000,
    status: 503,
    headers: { 'retry-after': '1' },
    body: 'The request queue is full.',
  },
]);

export const COHERE_FAULTS = providerFaults('cohere', [
  {
    name: 'cohere_rate_limit',
    does: 'A cap a minute, without a hint.',
    kind: 'rate_limited',
    status: 429,
    body: { id: '1', message: 'You are using a Trial key, which is limited to 20 API calls / minute.' },
  },
  {
    name: 'cohere_billing',
    does: 'No money: a 402.',
    kind: 'quota_exhausted',
    status: 402,
    body: { message: 'Please add or update your payment method to continue' },
  },
  {
    name: 'cohere_too_long',
    does: 'A prompt too long for the model.',
    kind: 'context_length',
    status: 400,
    body: { message: 'too many tokens: size limit exceeded by 11326 tokens' },
  },
  {
    name: 'cohere_invalid_token',
    does: 'A dead key: a 498.',
    kind: 'authentication',
    status: 498,
    body: { message: 'invalid api token' },
  },
]);

const xai = (code: string, error: string) => ({ code, error });

export const XAI_FAULTS = providerFaults('xai', [
  {
    name: 'xai_invalid_key',
    does: 'A dead key, as a 400.',
    kind: 'authentication',
    status: 400,
    body: xai('Client specified an invalid argument', 'Incorrect API key provided: xa***yz.'),
  },
  {
    name: 'xai_credits',
    does: 'No money, as a 403.',
    kind: 'quota_exhausted',
    status: 403,
    body: xai(
      'The caller does not have permission',
      'Your team has used all available credits or reached its monthly spending limit.',
    ),
  },
  {
    name: 'xai_too_long',
    does: 'A prompt too long for the model.',
    kind: 'context_length',
    status: 400,
    body: xai(
      'Client specified an invalid argument',
      "This model's maximum prompt length is 131072 but the request contains 140000 tokens.",
    ),
  },
]);

export const TOGETHER_FAULTS = providerFaults('together', [
  {
    name: 'together_dynamic_limit',
    does: 'More than the dynamic rate, with the time in a reset header.',
    kind: 'rate_limited',
    hintMs: 2_000,
    status: 429,
    headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '2' },
    body: body('Too many requests', 'dynamic_request_limited'),
  },
  {
    name: 'together_capacity',
    does: 'No capacity.',
    kind: 'overloaded',
    status: 503,
    body: body('Service unavailable'),
  },
]);

export const FIREWORKS_FAULTS = providerFaults('fireworks', [
  {
    name: 'fireworks_suspended',
    does: 'A suspended account: a 412.',
    kind: 'authentication',
    status: 412,
    body: body('Account suspended'),
  },
  {
    name: 'fireworks_overloaded',
    does: 'No capacity.',
    kind: 'overloaded',
    status: 503,
    body: body('Service Overloaded'),
  },
]);

export const DEEPSEEK_FAULTS = providerFaults('deepseek', [
  {
    name: 'deepseek_concurrency',
    does: 'Too many requests at once.',
    kind: 'rate_limited',
    status: 429,
    body: body('Too many concurrent requests.', 'rate_limit_error', 'rate_limit_reached'),
  },
  {
    name: 'deepseek_balance',
    does: 'No money: a 402.',
    kind: 'quota_exhausted',
    status: 402,
    body: body('Insufficient Balance', 'unknown_error', 'invalid_request_error'),
  },
  { name: 'deepseek_busy', does: 'No capacity.', kind: 'overloaded', status: 503, body: body('Service is too busy') },
  {
    name: 'deepseek_out_of_resources',
    does: 'A stream that finishes before its first content, for lack of resources.',
    kind: 'overloaded',
    status: 200,
    inStream: true,
    body: {
      id: '1',
      object: 'chat.completion.chunk',
      choices: [{ index: 0, delta: {}, finish_reason: 'insufficient_system_resource' }],
    },
  },
]);

const openrouter = (code: number, message: string, metadata: object) => ({ error: { code, message, metadata } });

export const OPENROUTER_FAULTS = providerFaults('openrouter', [
  {
    name: 'openrouter_credits',
    does: 'No money: a 402.',
    kind: 'quota_exhausted',
    status: 402,
    body: openrouter(402, 'Insufficient credits', { error_type: 'payment_required' }),
  },
  {
    name: 'openrouter_in_flight',
    does: 'Too much in flight: the one 402 that a wait ends.',
    kind: 'rate_limited',
    hintMs: 3_000,
    status: 402,
    headers: { 'retry-after': '3' },
    body: openrouter(402, 'In-flight budget exhausted', {
      limit_source: 'openrouter_in_flight_budget',
      reason: 'in_flight_budget_exhausted',
    }),
  },
  {
    name: 'openrouter_upstream_pool',
    does: 'A pool of another provider that is used up.',
    kind: 'overloaded',
    status: 429,
    body: openrouter(429, 'Provider returned error', { limit_source: 'upstream_provider_shared_pool' }),
  },
  {
    name: 'openrouter_moderation',
    does: 'A prompt that is refused for its content.',
    kind: 'content_filter',
    status: 403,
    body: openrouter(403, 'Your input was flagged by moderation', {}),
  },
  {
    name: 'openrouter_model_down',
    does: 'A model that is down.',
    kind: 'server_error',
    status: 502,
    body: openrouter(502, 'Provider returned error', {}),
  },
  {
    name: 'openrouter_error_in_stream',
    does: 'An error in the first chunk of a stream.',
    kind: 'overloaded',
    status: 200,
    inStream: true,
    body: openrouter(503, 'No provider is available', { error_type: 'provider_unavailable' }),
  },
]);

export const CEREBRAS_FAULTS = providerFaults('cerebras', [
  {
    name: 'cerebras_queue',
    does: 'A full queue, as a 429.',
    kind: 'overloaded',
    status: 429,
    body: body("We're experiencing high traffic", 'too_many_requests_error', 'queue_exceeded'),
  },
  {
    name: 'cerebras_tokens',
    does: 'The cap of tokens a minute, with the time in a reset header.',
    kind: 'rate_limited',
    hintMs: 2_500,
    status: 429,
    headers: { 'x-ratelimit-remaining-tokens-minute': '0', 'x-ratelimit-reset-tokens-minute': '2.5' },
    body: body('Tokens per minute limit exceeded', 'too_many_tokens_error', 'token_quota_exceeded'),
  },
]);

export const PERPLEXITY_FAULTS = providerFaults('perplexity', [
  {
    name: 'perplexity_no_credit',
    does: 'No money, as a 401 that looks like a dead key.',
    kind: 'quota_exhausted',
    status: 401,
    body: body('You have insufficient credits for this request'),
  },
]);

export const NVIDIA_FAULTS = providerFaults('nvidia', [
  {
    name: 'nvidia_rate_limit',
    does: 'A cap a minute, in a body like no other.',
    kind: 'rate_limited',
    status: 429,
    body: { status: 429, title: 'Too Many Requests' },
  },
]);

/** vLLM, SGLang and Ollama, as run at home. */
export const LOCAL_FAULTS = providerFaults('local', [
  {
    name: 'vllm_unauthorized',
    does: 'A dead key, as a string.',
    kind: 'authentication',
    status: 401,
    body: { error: 'Unauthorized' },
  },
  {
    name: 'vllm_too_long',
    does: 'A prompt too long for the model, in a flat body.',
    kind: 'context_length',
    status: 400,
    body: {
      object: 'error',
      message: "This model's maximum context length is 4096 tokens.",
      type: 'BadRequestError',
      param: null,
      code: 400,
    },
  },
  {
    name: 'vllm_error_in_stream',
    does: 'An error and then `[DONE]` in a 200.',
    kind: 'server_error',
    status: 200,
    inStream: true,
    body: `data: ${JSON.stringify({ error: { message: 'engine died', type: 'InternalServerError', code: 500 } })}\n\ndata: [DONE]\n\n`,
  },
  {
    name: 'sglang_queue_in_stream',
    does: 'A full queue, told by the first event of a stream.',
    kind: 'overloaded',
    status: 200,
    inStream: true,
    body: { error: { message: 'The request queue is full.', code: 503 } },
  },
  {
    name: 'ollama_queue_full',
    does: 'A full queue.',
    kind: 'overloaded',
    status: 503,
    body: body('server busy, please try again. maximum pending requests exceeded', 'api_error'),
  },
]);
