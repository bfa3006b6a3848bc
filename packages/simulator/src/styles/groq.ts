import type { Refusal } from '../engine/lane.ts';
import { OPENAI_ERRORS, OPENAI_WINDOWS, openaiError, openaiUsage } from './openai.ts';
import type { ErrorAnswer, ErrorSite, ProviderStyle } from './style.ts';

/** Where one request exceeds the whole limit, the status is 413. */
function rateLimited({ model }: ErrorSite, refusal?: Refusal): ErrorAnswer {
  const code = 'rate_limit_exceeded';
  const where = `model \`${model}\` in organization \`org_simulated\` service tier \`on_demand\``;
  if (refusal === undefined) return openaiError(429, `Rate limit reached for ${where}.`, { type: 'requests', code });
  const { name, type } = OPENAI_WINDOWS[refusal.dimension];
  const { limit, requested, tooLarge } = refusal;
  if (tooLarge) {
    const sizes = `Limit ${limit}, Requested ${requested}, please reduce your message size and try again.`;
    return openaiError(413, `Request too large for ${where} on ${name}: ${sizes}`, { type, code });
  }
  return openaiError(429, `Rate limit reached for ${where} on ${name}: ${openaiUsage(refusal)}`, { type, code });
}

export const GROQ: ProviderStyle = {
  dialects: ['openai.chat'],
  charge: 'groq',
  headers: 'groq',
  retryAfter: 'seconds',
  requestIdHeader: 'x-request-id',
  errors: {
    ...OPENAI_ERRORS,
    rateLimited,
    overloaded: () => openaiError(503, 'Service Unavailable', { type: 'internal_server_error', code: null }),
    serverError: () => openaiError(500, 'Internal Server Error', { type: 'internal_server_error', code: null }),
    invalidKey: () => openaiError(401, 'Invalid API Key', { type: 'invalid_request_error', code: 'invalid_api_key' }),
    contextTooLong: () =>
      openaiError(400, 'Please reduce the length of the messages or completion.', {
        type: 'invalid_request_error',
        code: 'context_length_exceeded',
        param: 'messages',
      }),
  },
};
