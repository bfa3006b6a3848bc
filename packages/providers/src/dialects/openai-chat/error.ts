import { policyOf, type ErrorKind, type PipelineError } from '@x/core';
import type { EncodedError } from '../codec.ts';
import { retryHeaders } from '../retry-headers.ts';

interface Names {
  readonly type: string;
  /** Used where the error has no more specific code than its kind. */
  readonly code: string;
}

const names = (type: string, code: string): Names => ({ type, code });

/** The names that OpenAI's own clients know for each kind. */
const NAMES: Readonly<Record<ErrorKind, Names>> = {
  rate_limited: names('rate_limit_error', 'rate_limit_exceeded'),
  quota_exhausted: names('insufficient_quota', 'insufficient_quota'),
  overloaded: names('service_unavailable_error', 'server_is_overloaded'),
  timeout: names('server_error', 'timeout'),
  network: names('server_error', 'network_error'),
  server_error: names('server_error', 'server_error'),
  stream_broken: names('server_error', 'stream_broken'),
  authentication: names('authentication_error', 'invalid_api_key'),
  permission: names('permission_error', 'permission_denied'),
  model_not_found: names('invalid_request_error', 'model_not_found'),
  context_length: names('invalid_request_error', 'context_length_exceeded'),
  request_too_large_for_limit: names('rate_limit_error', 'request_too_large_for_limit'),
  content_filter: names('invalid_request_error', 'content_filter'),
  invalid_request: names('invalid_request_error', 'invalid_request'),
  cancelled: names('invalid_request_error', 'cancelled'),
  limit_exceeded: names('rate_limit_error', 'limit_exceeded'),
  budget_exceeded: names('insufficient_quota', 'budget_exceeded'),
  pool_exhausted: names('rate_limit_error', 'rate_limit_exceeded'),
};

export function encodeError(error: PipelineError): EncodedError {
  return {
    status: policyOf(error.kind).httpStatus,
    headers: { 'content-type': 'application/json', ...retryHeaders(error) },
    body: errorBody(error),
  };
}

export function encodeStreamError(error: PipelineError): string {
  return `data: ${errorBody(error)}\n\n`;
}

function errorBody(error: PipelineError): string {
  return JSON.stringify({ error: describeError(error) });
}

/** What OpenAI says of an error, wherever it says it. */
export function describeError(error: PipelineError): {
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string;
} {
  const { type, code } = NAMES[error.kind];
  const { message, param = null } = error;
  return { message, type, param, code: error.code === error.kind ? code : error.code };
}
