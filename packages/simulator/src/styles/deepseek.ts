import { OPENAI_ERRORS, openaiError } from './openai.ts';
import type { ProviderStyle } from './style.ts';

/** Limits calls at the same time and nothing else, and never says when there is room. */
export const DEEPSEEK: ProviderStyle = {
  dialects: ['openai.chat', 'anthropic.messages'],
  charge: 'none',
  headers: 'none',
  retryAfter: 'none',
  requestIdHeader: 'x-ds-trace-id',
  errors: {
    ...OPENAI_ERRORS,
    rateLimited: () =>
      openaiError(429, 'Too many concurrent requests. Please pace your requests reasonably.', {
        type: 'rate_limit_error',
        code: 'rate_limit_reached',
      }),
    insufficientQuota: () =>
      openaiError(402, 'Insufficient Balance', { type: 'unknown_error', code: 'invalid_request_error' }),
    overloaded: () =>
      openaiError(503, 'Service is too busy. Please retry your request after a brief wait.', {
        type: 'service_unavailable_error',
        code: 'service_unavailable_error',
      }),
    invalidKey: () =>
      openaiError(401, 'Authentication Fails (no such user)', {
        type: 'authentication_error',
        code: 'invalid_request_error',
      }),
  },
};
