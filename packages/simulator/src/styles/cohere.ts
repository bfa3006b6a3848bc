import type { ErrorAnswer, ErrorSite, ProviderStyle } from './style.ts';

/** `{ id, message }`, and nothing for machines. */
function cohereError(site: ErrorSite, status: number, message: string): ErrorAnswer {
  return { status, body: { id: site.requestId, message } };
}

/** Says with its status and in words alone what is wrong, and never when there is room. */
export const COHERE: ProviderStyle = {
  dialects: ['cohere.chat'],
  charge: 'none',
  headers: 'none',
  retryAfter: 'none',
  requestIdHeader: 'x-debug-trace-id',
  errors: {
    rateLimited: (site, refusal) =>
      cohereError(
        site,
        429,
        `You are using a Trial key, which is limited to ${refusal?.limit ?? 20} API calls / minute. You can continue to ` +
          "use the Trial key for free or upgrade to a Production key with higher rate limits at 'https://dashboard.cohere.com/api-keys'.",
      ),
    insufficientQuota: (site) => cohereError(site, 402, 'The spending limit of your organization has been reached.'),
    overloaded: (site) => cohereError(site, 503, 'The service is temporarily unavailable. Please try again later.'),
    serverError: (site) => cohereError(site, 500, 'internal server error, this has been reported to our developers.'),
    invalidKey: (site) => cohereError(site, 401, 'invalid api token'),
    modelNotFound: (site) =>
      cohereError(
        site,
        404,
        `model '${site.model}' not found, make sure the correct model ID was used and that you have access to the model.`,
      ),
    contextTooLong: (site, tokens, window) =>
      cohereError(
        site,
        400,
        `too many tokens: size limit exceeded by ${tokens - window} tokens. Try using shorter or fewer inputs. The limit for this model is ${window} tokens.`,
      ),
    invalidRequest: (site, message) => cohereError(site, 400, message),
  },
};
