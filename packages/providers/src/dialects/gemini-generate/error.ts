import { policyOf, type ErrorKind, type JsonObject, type PipelineError } from '@x/core';
import type { EncodedError } from '../codec.ts';
import { retryHeaders } from '../retry-headers.ts';

/** The names of google.rpc.Code that Google's own clients know for each kind. */
const STATUSES: Readonly<Record<ErrorKind, string>> = {
  rate_limited: 'RESOURCE_EXHAUSTED',
  quota_exhausted: 'RESOURCE_EXHAUSTED',
  overloaded: 'UNAVAILABLE',
  timeout: 'DEADLINE_EXCEEDED',
  network: 'UNAVAILABLE',
  server_error: 'INTERNAL',
  stream_broken: 'ABORTED',
  authentication: 'UNAUTHENTICATED',
  permission: 'PERMISSION_DENIED',
  model_not_found: 'NOT_FOUND',
  context_length: 'INVALID_ARGUMENT',
  request_too_large_for_limit: 'RESOURCE_EXHAUSTED',
  content_filter: 'INVALID_ARGUMENT',
  invalid_request: 'INVALID_ARGUMENT',
  cancelled: 'CANCELLED',
  limit_exceeded: 'RESOURCE_EXHAUSTED',
  budget_exceeded: 'RESOURCE_EXHAUSTED',
  pool_exhausted: 'RESOURCE_EXHAUSTED',
};

export function encodeError(error: PipelineError): EncodedError {
  return {
    status: policyOf(error.kind).httpStatus,
    headers: { 'content-type': 'application/json', ...retryHeaders(error) },
    body: errorBody(error),
  };
}

/** Google's client looks for an error in each event. */
export function encodeStreamError(error: PipelineError): string {
  return `data: ${errorBody(error)}\n\n`;
}

const TYPE = 'type.googleapis.com/google.rpc';

/** Errors of the way here rather than of a call: their status is another than that of their kind. */
const OF_CODE: Readonly<Record<string, readonly [code: number, status: string]>> = {
  not_found: [404, 'NOT_FOUND'],
  method_not_allowed: [405, 'UNIMPLEMENTED'],
  body_too_large: [413, 'INVALID_ARGUMENT'],
  unsupported_encoding: [415, 'INVALID_ARGUMENT'],
};

/** What a client can act on stands in typed details: the reason, when to come back, and the field at fault. */
function errorBody({ kind, code, message, param, retryAfterMs }: PipelineError): string {
  const details: JsonObject[] = [{ '@type': `${TYPE}.ErrorInfo`, reason: code.toUpperCase(), domain: 'x-gateway' }];
  if (retryAfterMs !== undefined) {
    details.push({ '@type': `${TYPE}.RetryInfo`, retryDelay: `${Math.ceil(retryAfterMs) / 1_000}s` });
  }
  if (param !== undefined) {
    details.push({ '@type': `${TYPE}.BadRequest`, fieldViolations: [{ field: param, description: message }] });
  }
  const [number, status] = OF_CODE[code] ?? [policyOf(kind).httpStatus, STATUSES[kind]];
  return JSON.stringify({ error: { code: number, message, status, details } });
}
