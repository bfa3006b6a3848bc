import { header, PipelineError, policyOf, retryHint } from '@x/core';
import { usableHint } from '../fit-wait.ts';
import { isNetworkError } from './network-error.ts';
import { asResponse, hintHeaders, isObject, type ResponseLike } from './response-like.ts';

/** One failed try: an error that was thrown, or a response with a status of 400 or more. */
export interface RetryFailure {
  /** Counts from 1. */
  readonly attempt: number;
  /** What was thrown, untouched. Undefined for a response. */
  readonly error: unknown;
  readonly response: ResponseLike | undefined;
  /** The HTTP status of either, where there is one. */
  readonly status: number | undefined;
  /** Milliseconds that the other side asked for. */
  readonly hintMs: number | undefined;
  /** Whether `retry` itself would try again. */
  readonly retryable: boolean;
}

/** Too early or too much for now, or a fault that passes. 529 is Anthropic's "overloaded". */
export const RETRYABLE_STATUSES: readonly number[] = [408, 425, 429, 500, 502, 503, 504, 529];

export interface Tried {
  readonly attempt: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** A resolved value as a failure, or undefined where it is none. */
export function failedResponse(value: unknown, tried: Tried): RetryFailure | undefined {
  const response = asResponse(value);
  if (response === undefined || response.status < 400) return undefined;
  return { error: undefined, response, ...readHttp(response.status, response.headers, tried) };
}

/** What was thrown as a failure. Undefined for an AbortError: whoever aborted wants no other try. */
export function failedError(error: unknown, tried: Tried): RetryFailure | undefined {
  if (isObject(error) && error['name'] === 'AbortError') return undefined;
  if (PipelineError.isInstance(error)) return failedPipeline(error, tried);
  const response = isObject(error) && isObject(error['response']) ? error['response'] : {};
  const own = isObject(error) ? error : {};
  const status = [own['status'], own['statusCode'], response['status']].find((value) => typeof value === 'number');
  const headers = own['headers'] ?? own['responseHeaders'] ?? response['headers'];
  if (typeof status === 'number' || headers !== undefined) {
    const read = readHttp(status as number | undefined, headers, tried);
    return { error, response: undefined, ...read, retryable: read.retryable || isNetworkError(error) };
  }
  const retryable = isNetworkError(error);
  return { attempt: tried.attempt, error, response: undefined, status: undefined, hintMs: undefined, retryable };
}

function failedPipeline(error: PipelineError, { attempt }: Tried): RetryFailure | undefined {
  if (error.kind === 'cancelled') return undefined;
  return {
    attempt,
    error,
    response: undefined,
    status: error.upstream?.status,
    hintMs: usableHint(error.retryAfterMs),
    retryable: policyOf(error.kind).sameLane !== 'never',
  };
}

function readHttp(status: number | undefined, source: unknown, { attempt, now }: Tried) {
  const headers = hintHeaders(source);
  const told = header(headers, 'x-should-retry');
  const retryable =
    told === 'true' || (told !== 'false' && status !== undefined && RETRYABLE_STATUSES.includes(status));
  return { attempt, status, hintMs: retryHint({ headers, now })?.ms, retryable };
}
