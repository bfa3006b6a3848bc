import type { Dimension, Refusal } from '../engine/lane.ts';
import type { ErrorAnswer, ErrorSite, ProviderStyle } from './style.ts';

/** `{ type: 'error', error: { type, message, details? }, request_id }`. */
function anthropicError(
  site: ErrorSite,
  status: number,
  error: { readonly type: string; readonly message: string; readonly details?: Readonly<Record<string, string>> },
): ErrorAnswer {
  return { status, body: { type: 'error', error, request_id: site.requestId } };
}

const WINDOWS: Readonly<Record<Dimension, string>> = {
  requests: 'requests per minute',
  tokens: 'tokens per minute',
  inputTokens: 'input tokens per minute',
  outputTokens: 'output tokens per minute',
  requestsPerDay: 'requests per day',
  tokensPerDay: 'tokens per day',
  concurrency: 'concurrent connections',
};

/** The time to come back stands in `retry-after` alone. */
function rateLimited(site: ErrorSite, refusal?: Refusal): ErrorAnswer {
  const limit = refusal === undefined ? 'rate limit' : `rate limit of ${refusal.limit} ${WINDOWS[refusal.dimension]}`;
  return anthropicError(site, 429, {
    type: 'rate_limit_error',
    message:
      `This request would exceed your organization's ${limit} (org: org-simulated, model: ${site.model}). ` +
      'For details, refer to: https://docs.claude.com/en/api/rate-limits. You can see the response headers for current ' +
      'usage. Please reduce the prompt length or the maximum tokens requested, or try again later.',
  });
}

export const ANTHROPIC: ProviderStyle = {
  dialects: ['anthropic.messages'],
  charge: 'anthropic',
  headers: 'anthropic',
  retryAfter: 'seconds',
  requestIdHeader: 'request-id',
  errors: {
    rateLimited,
    // A tier's monthly cap: the same type as a rate limit, told apart by its details and by the absence of retry-after.
    insufficientQuota: (site) =>
      anthropicError(site, 429, {
        type: 'rate_limit_error',
        message: 'You have reached the monthly spend limit of your tier.',
        details: { error_code: 'enforced_spend_limit_reached' },
      }),
    overloaded: (site) => anthropicError(site, 529, { type: 'overloaded_error', message: 'Overloaded' }),
    serverError: (site) => anthropicError(site, 500, { type: 'api_error', message: 'Internal server error' }),
    invalidKey: (site) => anthropicError(site, 401, { type: 'authentication_error', message: 'invalid x-api-key' }),
    modelNotFound: (site) => anthropicError(site, 404, { type: 'not_found_error', message: `model: ${site.model}` }),
    contextTooLong: (site, tokens, window) =>
      anthropicError(site, 400, {
        type: 'invalid_request_error',
        message: `prompt is too long: ${tokens} tokens > ${window} maximum`,
      }),
    invalidRequest: (site, message, param) =>
      anthropicError(site, 400, {
        type: 'invalid_request_error',
        message: param === undefined ? message : `${param}: ${message}`,
      }),
  },
};
