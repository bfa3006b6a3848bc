import { policyOf, type ErrorKind, type PipelineError } from '@x/core';
import type { EncodedError } from '../codec.ts';
import { retryHeaders } from '../retry-headers.ts';

/** The error types that Anthropic's own clients know. */
const TYPES: Readonly<Record<ErrorKind, string>> = {
  rate_limited: 'rate_limit_error',
  quota_exhausted: 'rate_limit_error',
  overloaded: 'overloaded_error',
  timeout: 'timeout_error',
  network: 'api_error',
  server_error: 'api_error',
  stream_broken: 'api_error',
  authentication: 'authentication_error',
  permission: 'permission_error',
  model_not_found: 'not_found_error',
  context_length: 'invalid_request_error',
  request_too_large_for_limit: 'request_too_large',
  content_filter: 'invalid_request_error',
  invalid_request: 'invalid_request_error',
  cancelled: 'api_error',
  limit_exceeded: 'rate_limit_error',
  budget_exceeded: 'billing_error',
  pool_exhausted: 'rate_limit_error',
};

export function encodeError(error: PipelineError): EncodedError {
  return {
    status: policyOf(error.kind).httpStatus,
    headers: { 'content-type': 'application/json', ...retryHeaders(error) },
    body: errorBody(error),
  };
}

export function encodeStreamError(error: PipelineError): string {
  return `event: error\ndata: ${errorBody(error)}\n\n`;
}

function errorBody(error: PipelineError): string {
  return JSON.stringify({ type: 'error', error: { type: TYPES[error.kind], message: error.message } });
}
