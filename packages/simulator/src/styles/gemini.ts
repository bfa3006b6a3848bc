import type { Dimension, Refusal } from '../engine/lane.ts';
import type { ErrorAnswer, ErrorSite, ProviderStyle } from './style.ts';

const RPC = 'type.googleapis.com/google.rpc';

function geminiError(code: number, status: string, message: string, details?: readonly unknown[]): ErrorAnswer {
  return { status: code, body: { error: { code, message, status, ...(details === undefined ? {} : { details }) } } };
}

interface Quota {
  readonly metric: string;
  readonly id: string;
}

const REQUESTS = 'generativelanguage.googleapis.com/generate_content_free_tier_requests';
const TOKENS = 'generativelanguage.googleapis.com/generate_content_free_tier_input_token_count';

function quotaOf(dimension: Dimension): Quota {
  switch (dimension) {
    case 'requestsPerDay':
      return { metric: REQUESTS, id: 'GenerateRequestsPerDayPerProjectPerModel-FreeTier' };
    case 'requests':
    case 'concurrency':
      return { metric: REQUESTS, id: 'GenerateRequestsPerMinutePerProjectPerModel-FreeTier' };
    case 'tokensPerDay':
      return { metric: TOKENS, id: 'GenerateContentInputTokensPerModelPerDay-FreeTier' };
    default:
      return { metric: TOKENS, id: 'GenerateContentInputTokensPerModelPerMinute-FreeTier' };
  }
}

/** No header says when to come back: the body does, twice. A daily limit, too, is sent with a short time. */
const DAILY_RETRY_MS = 22_000;

function rateLimited({ model }: ErrorSite, refusal?: Refusal): ErrorAnswer {
  const exceeded = 'You exceeded your current quota, please check your plan and billing details.';
  if (refusal === undefined)
    return geminiError(429, 'RESOURCE_EXHAUSTED', 'Resource has been exhausted (e.g. check quota).');
  const { metric, id } = quotaOf(refusal.dimension);
  const { limit, waitMs = 0 } = refusal;
  const seconds = Math.ceil(id.includes('PerDay') ? Math.min(waitMs, DAILY_RETRY_MS) : waitMs) / 1_000;
  const violation = {
    quotaMetric: metric,
    quotaId: id,
    quotaDimensions: { location: 'global', model },
    quotaValue: String(limit),
  };
  const details: unknown[] = [{ '@type': `${RPC}.QuotaFailure`, violations: [violation] }];
  if (refusal.waitMs !== undefined) details.push({ '@type': `${RPC}.RetryInfo`, retryDelay: `${seconds}s` });
  const again = refusal.waitMs === undefined ? '' : `\nPlease retry in ${seconds}s.`;
  return geminiError(
    429,
    'RESOURCE_EXHAUSTED',
    `${exceeded}\n* Quota exceeded for metric: ${metric}, limit: ${limit}, model: ${model}${again}`,
    details,
  );
}

export const GEMINI: ProviderStyle = {
  // The second is its OpenAI-compatible surface.
  dialects: ['gemini.generate', 'openai.chat'],
  charge: 'gemini',
  headers: 'none',
  retryAfter: 'none',
  requestIdHeader: 'x-request-id',
  // Midnight Pacific time, in winter.
  limits: { dayStartsAtHour: 8 },
  errors: {
    rateLimited,
    insufficientQuota: () =>
      geminiError(
        402,
        'RESOURCE_EXHAUSTED',
        'Your prepayment credits are depleted. Please manage your project and billing.',
      ),
    overloaded: () => geminiError(503, 'UNAVAILABLE', 'The model is overloaded. Please try again later.'),
    serverError: () => geminiError(500, 'INTERNAL', 'An internal error has occurred. Please retry.'),
    // A dead key is a 400 here.
    invalidKey: () =>
      geminiError(400, 'INVALID_ARGUMENT', 'API key not valid. Please pass a valid API key.', [
        { '@type': `${RPC}.ErrorInfo`, reason: 'API_KEY_INVALID', domain: 'googleapis.com' },
      ]),
    modelNotFound: ({ model }) => geminiError(404, 'NOT_FOUND', `models/${model} is not found for API version v1beta.`),
    contextTooLong: (_site, tokens, window) =>
      geminiError(
        400,
        'INVALID_ARGUMENT',
        `The input token count (${tokens}) exceeds the maximum number of tokens allowed (${window}).`,
      ),
    invalidRequest: (_site, message, param) =>
      geminiError(400, 'INVALID_ARGUMENT', param === undefined ? message : `${param}: ${message}`),
  },
};
