import { PipelineError } from '../errors/pipeline-error.ts';
import { header, type HttpHeaders } from '../http.ts';

/** How a caller says how long it will wait for all of its answer: milliseconds. */
const TIMEOUT_HEADER = 'x-gateway-timeout-ms';

/** How long the vendors' clients wait by themselves: whole seconds. For a stream, until its headers are there. */
const CLIENT_TIMEOUT_HEADER = 'x-stainless-timeout';

export interface TimeoutLimits {
  /** Milliseconds for a request that says nothing. */
  readonly defaultMs: number;
  /** Milliseconds that a request may ask for at most. */
  readonly maxMs: number;
}

/**
 * Milliseconds that the whole of a request has, by its headers.
 * @throws PipelineError `invalid_request` that names the header
 */
export function requestTimeoutMs(headers: HttpHeaders, { defaultMs, maxMs }: TimeoutLimits): number {
  const text = headers[TIMEOUT_HEADER];
  if (text === undefined) return defaultMs;
  if (typeof text !== 'string' || !/^[1-9]\d{0,14}$/.test(text)) {
    throw new PipelineError('invalid_request', `${TIMEOUT_HEADER} must be a whole number of milliseconds above 0`, {
      code: 'invalid_field',
      param: TIMEOUT_HEADER,
    });
  }
  return Math.min(Number(text), maxMs);
}

/** Milliseconds, at most, by which an answer comes before its client gives up. At least a tenth of the time stays out of it. */
const HEAD_START_MS = 1_000;

/**
 * Milliseconds in which a vendor's client wants its answer; undefined where it does not say. A little less than it says: a client
 * that is told in time that there is no answer does not ask again by itself. A hint, so what makes no sense is no hint.
 */
export function clientTimeoutMs(headers: HttpHeaders): number | undefined {
  const text = header(headers, CLIENT_TIMEOUT_HEADER);
  if (text === undefined || !/^[1-9]\d{0,8}$/.test(text)) return undefined;
  const ms = Number(text) * 1_000;
  return ms - Math.min(HEAD_START_MS, ms / 10);
}
