import type { ErrorKind, PipelineError } from '@x/core';
import { FrameType } from '../../aws-event-stream/encode-frame.ts';
import type { EncodedError } from '../codec.ts';
import { retryHeaders } from '../retry-headers.ts';

interface Names {
  readonly status: number;
  /** The error's name, as AWS's clients know it. */
  readonly name: string;
}

const names = (status: number, name: string): Names => ({ status, name });
const THROTTLED = names(429, 'ThrottlingException');
const INTERNAL = names(500, 'InternalServerException');
const INVALID = names(400, 'ValidationException');

/** AWS's clients go by the name, and retry throttling, 500 and 503 by themselves. */
const NAMES: Readonly<Record<ErrorKind, Names>> = {
  rate_limited: THROTTLED,
  quota_exhausted: THROTTLED,
  overloaded: names(503, 'ServiceUnavailableException'),
  timeout: names(408, 'ModelTimeoutException'),
  network: INTERNAL,
  server_error: INTERNAL,
  stream_broken: INTERNAL,
  authentication: names(403, 'UnrecognizedClientException'),
  permission: names(403, 'AccessDeniedException'),
  model_not_found: names(404, 'ResourceNotFoundException'),
  context_length: INVALID,
  request_too_large_for_limit: INVALID,
  content_filter: INVALID,
  invalid_request: INVALID,
  cancelled: INTERNAL,
  limit_exceeded: THROTTLED,
  budget_exceeded: names(400, 'ServiceQuotaExceededException'),
  pool_exhausted: THROTTLED,
};

export function encodeError(error: PipelineError): EncodedError {
  const { status, name } = NAMES[error.kind];
  return {
    status,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': name, ...retryHeaders(error) },
    body: JSON.stringify({ message: error.message }),
  };
}

const exception = (type: string) =>
  new FrameType({ ':message-type': 'exception', ':exception-type': type, ':content-type': 'application/json' });

/** The five exceptions that a stream may hold. */
const THROTTLING_FRAME = exception('throttlingException');
const UNAVAILABLE_FRAME = exception('serviceUnavailableException');
const VALIDATION_FRAME = exception('validationException');
const STREAM_FRAME = exception('modelStreamErrorException');
const INTERNAL_FRAME = exception('internalServerException');

export function encodeStreamError(error: PipelineError): string {
  return frameOf(error.kind).frame(JSON.stringify({ message: error.message }));
}

function frameOf(kind: ErrorKind): FrameType {
  if (kind === 'stream_broken') return STREAM_FRAME;
  if (kind === 'overloaded') return UNAVAILABLE_FRAME;
  const { name } = NAMES[kind];
  if (name === 'ThrottlingException') return THROTTLING_FRAME;
  return name === 'ValidationException' ? VALIDATION_FRAME : INTERNAL_FRAME;
}
