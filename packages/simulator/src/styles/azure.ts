import type { Refusal } from '../engine/lane.ts';
import { OPENAI_ERRORS } from './openai.ts';
import type { ErrorAnswer, ErrorSite, ProviderStyle } from './style.ts';

/** `{ error: { code, message } }`, the code a string even where it is a number. */
function azureError(status: number, code: string, message: string): ErrorAnswer {
  return { status, body: { error: { code, message } } };
}

function rateLimited(_site: ErrorSite, refusal?: Refusal): ErrorAnswer {
  if (refusal === undefined) return azureError(429, '429', 'Rate limit is exceeded. Try again later.');
  const kind = refusal.dimension === 'requests' || refusal.dimension === 'requestsPerDay' ? 'call' : 'token';
  const again = refusal.waitMs === undefined ? '' : ` Please retry after ${Math.ceil(refusal.waitMs / 1_000)} seconds.`;
  return azureError(
    429,
    '429',
    'Requests to the ChatCompletions_Create Operation under Azure OpenAI API have exceeded ' +
      `${kind} rate limit of your current OpenAI S0 pricing tier.${again}`,
  );
}

export const AZURE: ProviderStyle = {
  dialects: ['openai.chat', 'openai.responses'],
  charge: 'azure',
  headers: 'azure',
  retryAfter: 'both',
  requestIdHeader: 'apim-request-id',
  errors: {
    ...OPENAI_ERRORS,
    rateLimited,
    insufficientQuota: () =>
      azureError(
        403,
        '403',
        'This resource has been temporarily blocked. Please contact support for more information.',
      ),
    overloaded: () =>
      azureError(429, '429', 'System is experiencing high demand and is temporarily unable to process your request.'),
    serverError: () => azureError(500, 'InternalServerError', 'The server had an error processing your request.'),
    invalidKey: () =>
      azureError(
        401,
        '401',
        'Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an ' +
          'active subscription and use a correct regional API endpoint for your resource.',
      ),
    modelNotFound: () => azureError(404, 'DeploymentNotFound', 'The API deployment for this resource does not exist.'),
  },
};
