import { providerFaults } from './provider-row.ts';

const RPC = 'type.googleapis.com/google.rpc';

function body(code: number, status: string, message: string, details: readonly object[] = []) {
  return [{ error: { code, message, status, ...(details.length > 0 && { details }) } }];
}

const violation = (...ids: readonly string[]) => ({
  '@type': `${RPC}.QuotaFailure`,
  violations: ids.map((quotaId) => ({ quotaId })),
});
const retry = (retryDelay: string) => ({ '@type': `${RPC}.RetryInfo`, retryDelay });
const reason = (name: string) => ({ '@type': `${RPC}.ErrorInfo`, reason: name, domain: 'googleapis.com' });
const EXCEEDED = 'You exceeded your current quota.';

/** Gemini API and Vertex AI. Sources: ai.google.dev troubleshooting, cloud.google.com error-code-429 (2026). */
export const GOOGLE_FAULTS = providerFaults('gemini', [
  {
    name: 'gemini_per_minute',
    does: 'The cap of requests a minute, with `RetryInfo` in the body.',
    kind: 'rate_limited',
    hintMs: 3_400,
    status: 429,
    body: body(429, 'RESOURCE_EXHAUSTED', EXCEEDED, [
      violation('GenerateRequestsPerMinutePerProjectPerModel-FreeTier'),
      retry('3.4s'),
    ]),
  },
  {
    name: 'gemini_per_day',
    does: 'The cap of requests a day, with a short `RetryInfo` that is not the truth.',
    kind: 'quota_exhausted',
    status: 429,
    body: body(429, 'RESOURCE_EXHAUSTED', EXCEEDED, [
      violation(
        'GenerateRequestsPerMinutePerProjectPerModel-FreeTier',
        'GenerateRequestsPerDayPerProjectPerModel-FreeTier',
      ),
      retry('22s'),
    ]),
  },
  {
    name: 'gemini_not_on_tier',
    does: 'A model that this tier does not have: a limit of 0.',
    kind: 'permission',
    status: 429,
    body: body(429, 'RESOURCE_EXHAUSTED', 'Quota exceeded for metric: generate_content_free_tier_requests, limit: 0'),
  },
  {
    name: 'gemini_prepaid_gone',
    does: 'No money, as a 402.',
    kind: 'quota_exhausted',
    status: 402,
    body: body(402, 'RESOURCE_EXHAUSTED', 'Your prepayment credits are depleted.'),
  },
  {
    name: 'gemini_invalid_key',
    does: 'A dead key, as a 400.',
    kind: 'authentication',
    status: 400,
    body: body(400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.', [reason('API_KEY_INVALID')]),
  },
  {
    name: 'gemini_failed_precondition',
    does: 'A region that is not served, or no billing.',
    kind: 'permission',
    status: 400,
    body: body(400, 'FAILED_PRECONDITION', 'User location is not supported for the API use.'),
  },
  {
    name: 'gemini_overloaded',
    does: 'No capacity.',
    kind: 'overloaded',
    status: 503,
    body: body(503, 'UNAVAILABLE', 'The model is overloaded. Please try again later.'),
  },
  {
    name: 'gemini_capacity_exhausted',
    does: 'No capacity of one model, as a 429.',
    kind: 'overloaded',
    status: 429,
    body: body(429, 'RESOURCE_EXHAUSTED', 'No capacity available.', [reason('MODEL_CAPACITY_EXHAUSTED')]),
  },
  {
    name: 'gemini_too_long',
    does: 'A prompt too long for the model.',
    kind: 'context_length',
    status: 400,
    body: body(
      400,
      'INVALID_ARGUMENT',
      'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
    ),
  },
  {
    name: 'gemini_too_long_500',
    does: 'A prompt too long for the model, as a 500.',
    kind: 'context_length',
    status: 500,
    body: body(500, 'INTERNAL', 'Your input context is too long.'),
  },
  {
    name: 'gemini_permission',
    does: 'A key that may not do this.',
    kind: 'permission',
    status: 403,
    body: body(403, 'PERMISSION_DENIED', 'The caller does not have permission'),
  },
  {
    name: 'gemini_model_not_found',
    does: 'A model that does not exist.',
    kind: 'model_not_found',
    status: 404,
    body: body(404, 'NOT_FOUND', 'models/gemini-9 is not found for API version v1beta.'),
  },
  {
    name: 'gemini_internal',
    does: 'A 500.',
    kind: 'server_error',
    status: 500,
    body: body(500, 'INTERNAL', 'An internal error has occurred.'),
  },
  {
    name: 'gemini_deadline',
    does: 'A 504.',
    kind: 'server_error',
    status: 504,
    body: body(504, 'DEADLINE_EXCEEDED', 'Deadline expired before operation could complete.'),
  },
  {
    name: 'gemini_error_without_data',
    does: 'An error as bare JSON in a stream, without `data:`.',
    kind: 'overloaded',
    status: 200,
    inStream: true,
    body: JSON.stringify(body(503, 'UNAVAILABLE', 'The model is overloaded.')),
  },
  {
    name: 'vertex_shared_pool',
    does: 'The pool that all pay-as-you-go customers share is used up.',
    kind: 'rate_limited',
    status: 429,
    body: body(429, 'RESOURCE_EXHAUSTED', 'Resource exhausted, please try again later.'),
  },
]);
