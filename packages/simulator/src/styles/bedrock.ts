import type { Refusal } from '../engine/lane.ts';
import type { ErrorAnswer, ErrorSite, ProviderStyle } from './style.ts';

/** The body is a message alone; the name of the error stands in a header, decorated as AWS does it. */
function bedrockError(status: number, name: string, message: string): ErrorAnswer {
  const type = `${name}:http://internal.amazon.com/coral/com.amazon.bedrock/`;
  return { status, headers: { 'x-amzn-errortype': type }, body: { message } };
}

function rateLimited(_site: ErrorSite, refusal?: Refusal): ErrorAnswer {
  const what = refusal?.dimension === 'requests' || refusal === undefined ? 'requests' : 'tokens';
  const day = refusal?.dimension === 'tokensPerDay' || refusal?.dimension === 'requestsPerDay' ? ' per day' : '';
  return bedrockError(429, 'ThrottlingException', `Too many ${what}${day}, please wait before trying again.`);
}

export const BEDROCK: ProviderStyle = {
  // The runtime's own Converse protocol, and its OpenAI-compatible surface.
  dialects: ['openai.chat', 'bedrock.converse'],
  charge: 'bedrock',
  headers: 'none',
  retryAfter: 'none',
  requestIdHeader: 'x-amzn-requestid',
  limits: { dayStartsAtHour: 0 },
  errors: {
    rateLimited,
    insufficientQuota: () =>
      bedrockError(429, 'ThrottlingException', 'Too many tokens per day, please wait before trying again.'),
    overloaded: () => bedrockError(503, 'ServiceUnavailableException', 'Bedrock is unable to process your request.'),
    serverError: () =>
      bedrockError(
        500,
        'InternalServerException',
        'The system encountered an unexpected error during processing. Try your request again.',
      ),
    invalidKey: () =>
      bedrockError(403, 'UnrecognizedClientException', 'The security token included in the request is invalid.'),
    modelNotFound: () =>
      bedrockError(
        404,
        'ResourceNotFoundException',
        'Could not resolve the foundation model from the model identifier.',
      ),
    contextTooLong: () => bedrockError(400, 'ValidationException', 'Input is too long for requested model.'),
    invalidRequest: (_site, message, param) =>
      bedrockError(400, 'ValidationException', param === undefined ? message : `${param}: ${message}`),
  },
};
