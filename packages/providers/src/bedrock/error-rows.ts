import type { ErrorRow } from '../errors/error-row.ts';

/**
 * Bedrock. The name of an error stands in a header, or is the type of an exception inside a stream. Sources: the exceptions of the
 * Bedrock runtime's API reference, and its pages on quotas, 2026.
 */
export const BEDROCK_ROWS: readonly ErrorRow[] = [
  { code: 'ThrottlingException', message: /per day/i, kind: 'quota_exhausted', clears: 'next-day-utc' },
  { code: ['ThrottlingException', 'TooManyRequestsException'], kind: 'rate_limited' },
  { code: ['ModelNotReadyException', 'ServiceUnavailableException'], kind: 'overloaded' },
  // A quota that no wait ends: how many of something there may be.
  { code: 'ServiceQuotaExceededException', kind: 'quota_exhausted' },
  { code: 'ModelTimeoutException', kind: 'timeout' },
  {
    code: ['ModelErrorException', 'ModelStreamErrorException', 'InternalServerException', 'ConflictException'],
    kind: 'server_error',
  },
  {
    code: 'ValidationException',
    message: /too long|too many (?:input )?tokens|maximum context|context window|exceeds? the (?:maximum|model)/i,
    kind: 'context_length',
  },
  {
    code: 'ValidationException',
    message:
      /model identifier is invalid|on-demand throughput|model .{0,120}(?:not supported|isn.t supported|end of its life)/i,
    kind: 'model_not_found',
  },
  { code: 'ValidationException', message: /content filter|guardrail/i, kind: 'content_filter' },
  { code: 'ValidationException', kind: 'invalid_request' },
  {
    code: [
      'UnrecognizedClientException',
      'InvalidClientTokenId',
      'InvalidSignatureException',
      'IncompleteSignature',
      'IncompleteSignatureException',
      'ExpiredToken',
      'ExpiredTokenException',
      'RequestExpired',
      'MissingAuthenticationToken',
      'MissingAuthenticationTokenException',
      'NotAuthorized',
    ],
    kind: 'authentication',
  },
  { status: 403, message: /security token|signature|bearer token|api key/i, kind: 'authentication' },
  { code: ['AccessDeniedException', 'FTUFormNotFilled'], kind: 'permission' },
  { code: 'ResourceNotFoundException', message: /use case|form/i, kind: 'permission' },
  { code: 'ResourceNotFoundException', kind: 'model_not_found' },
];
