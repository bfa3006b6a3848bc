import type { Dimension, Refusal } from '../engine/lane.ts';
import { goDuration } from './go-duration.ts';
import type { ErrorAnswer, ErrorSite, ErrorStyle, ProviderStyle } from './style.ts';

export interface OpenAIErrorFields {
  readonly type: string;
  readonly code: string | null;
  readonly param?: string | null | undefined;
}

/** `{ error: { message, type, param, code } }`. */
export function openaiError(status: number, message: string, fields: OpenAIErrorFields): ErrorAnswer {
  const { type, code, param = null } = fields;
  return { status, body: { error: { message, type, param, code } } };
}

/** The window that a limit is named by, and the type that its error has. */
export const OPENAI_WINDOWS: Readonly<Record<Dimension, { readonly name: string; readonly type: string }>> = {
  requests: { name: 'requests per min (RPM)', type: 'requests' },
  tokens: { name: 'tokens per min (TPM)', type: 'tokens' },
  inputTokens: { name: 'input tokens per min (ITPM)', type: 'tokens' },
  outputTokens: { name: 'output tokens per min (OTPM)', type: 'tokens' },
  requestsPerDay: { name: 'requests per day (RPD)', type: 'requests' },
  tokensPerDay: { name: 'tokens per day (TPD)', type: 'tokens' },
  concurrency: { name: 'concurrent requests', type: 'requests' },
};

/** `Limit 600, Used 600, Requested 1.`, and when to come back where that can be told. */
export function openaiUsage(refusal: Refusal): string {
  const { limit, used, requested, waitMs } = refusal;
  const again = waitMs === undefined ? '' : ` Please try again in ${goDuration(waitMs)}.`;
  return `Limit ${limit}, Used ${used}, Requested ${requested}.${again}`;
}

function rateLimited({ model }: ErrorSite, refusal?: Refusal): ErrorAnswer {
  const code = 'rate_limit_exceeded';
  if (refusal === undefined) {
    return openaiError(429, `Rate limit reached for ${model}.`, { type: 'requests', code });
  }
  const { name, type } = OPENAI_WINDOWS[refusal.dimension];
  const { limit, requested, tooLarge } = refusal;
  const message = tooLarge
    ? `Request too large for ${model} in organization org-simulated on ${name}: Limit ${limit}, Requested ${requested}. ` +
      'The input or output tokens must be reduced in order to run successfully. ' +
      'Visit https://platform.openai.com/account/rate-limits to learn more.'
    : `Rate limit reached for ${model} in organization org-simulated on ${name}: ${openaiUsage(refusal)} ` +
      'Visit https://platform.openai.com/account/rate-limits to learn more.';
  return openaiError(429, message, { type, code });
}

export const OPENAI_ERRORS: ErrorStyle = {
  rateLimited,
  insufficientQuota: () =>
    openaiError(
      429,
      'You exceeded your current quota, please check your plan and billing details. For more information on this error, ' +
        'read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.',
      { type: 'insufficient_quota', code: 'insufficient_quota' },
    ),
  overloaded: () =>
    openaiError(503, 'Our servers are currently overloaded. Please try again later.', {
      type: 'service_unavailable_error',
      code: 'server_is_overloaded',
    }),
  serverError: () =>
    openaiError(500, 'The server had an error while processing your request. Sorry about that!', {
      type: 'server_error',
      code: null,
    }),
  invalidKey: (_site, value) =>
    value === ''
      ? openaiError(
          401,
          "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth " +
            '(i.e. Authorization: Bearer YOUR_KEY).',
          { type: 'invalid_request_error', code: null },
        )
      : openaiError(
          401,
          `Incorrect API key provided: ${masked(value)}. ` +
            'You can find your API key at https://platform.openai.com/account/api-keys.',
          { type: 'invalid_request_error', code: 'invalid_api_key' },
        ),
  modelNotFound: ({ model }) =>
    openaiError(404, `The model \`${model}\` does not exist or you do not have access to it.`, {
      type: 'invalid_request_error',
      code: 'model_not_found',
    }),
  contextTooLong: (_site, tokens, window) =>
    openaiError(
      400,
      `This model's maximum context length is ${window} tokens. However, your messages resulted in ${tokens} tokens. ` +
        'Please reduce the length of the messages.',
      { type: 'invalid_request_error', code: 'context_length_exceeded', param: 'messages' },
    ),
  invalidRequest: (_site, message, param) =>
    openaiError(400, message, { type: 'invalid_request_error', code: null, param }),
};

/** As the real one does: the beginning and the end, never the whole. */
function masked(value: string): string {
  return value.length <= 8 ? '*'.repeat(value.length) : `${value.slice(0, 3)}***${value.slice(-3)}`;
}

export const OPENAI: ProviderStyle = {
  dialects: ['openai.chat', 'openai.responses'],
  charge: 'openai',
  headers: 'openai',
  // The rate-limit guide names no Retry-After: the time stands in the message.
  retryAfter: 'none',
  requestIdHeader: 'x-request-id',
  fixedHeaders: { 'openai-version': '2020-10-01', 'openai-organization': 'org-simulated' },
  errors: OPENAI_ERRORS,
};
