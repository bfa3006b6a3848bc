import { failure } from '@x/core/testing';
import { describe, expect, test } from 'vitest';
import { failedError, failedResponse } from './failure.ts';

const NOW = Date.UTC(2026, 0, 1);
const tried = { attempt: 1, now: NOW };
const response = (status: number, headers: Record<string, string> = {}) => new Response(null, { status, headers });
const coded = (code: string, cause?: unknown) => Object.assign(new Error(code, { cause }), { code });

describe('responses', () => {
  test.each([408, 425, 429, 500, 502, 503, 504, 529])('%i is worth another try', (status) => {
    expect(failedResponse(response(status), tried)).toMatchObject({ status, retryable: true });
  });

  test.each([400, 401, 403, 404, 409, 413, 422, 501])('%i is not', (status) => {
    expect(failedResponse(response(status), tried)).toMatchObject({ status, retryable: false });
  });

  test.each([200, 204, 304])('%i is no failure', (status) => {
    expect(failedResponse(response(status), tried)).toBeUndefined();
  });

  test('x-should-retry has the last word, both ways', () => {
    expect(failedResponse(response(429, { 'x-should-retry': 'false' }), tried)?.retryable).toBe(false);
    expect(failedResponse(response(400, { 'x-should-retry': 'true' }), tried)?.retryable).toBe(true);
  });

  test.each([
    [{ 'retry-after-ms': '1250', 'retry-after': '9' }, 1_250],
    [{ 'x-ms-retry-after-ms': '300' }, 300],
    [{ 'retry-after': '1.5' }, 1_500],
    [{ 'retry-after': 'Thu, 01 Jan 2026 00:00:07 GMT' }, 7_000],
    [{ 'retry-after': 'soon' }, undefined],
  ])('reads the hint of %j', (headers, hintMs) => {
    expect(failedResponse(response(429, headers), tried)?.hintMs).toBe(hintMs);
  });

  test.each([undefined, null, 'text', 7, {}, { status: 500 }, { status: '500', headers: new Headers() }])(
    'a value that is no response is no failure: %j',
    (value) => {
      expect(failedResponse(value, tried)).toBeUndefined();
    },
  );
});

describe('errors', () => {
  test('of SDKs with a status and headers, wherever those stand', () => {
    const expected = { status: 429, hintMs: 2_000, retryable: true };
    const headers = { 'Retry-After': '2' };
    expect(
      failedError(Object.assign(new Error(), { status: 429, headers: new Headers(headers) }), tried),
    ).toMatchObject(expected);
    expect(failedError(Object.assign(new Error(), { status: 429, headers }), tried)).toMatchObject(expected);
    expect(failedError(Object.assign(new Error(), { statusCode: 429, responseHeaders: headers }), tried)).toMatchObject(
      expected,
    );
    expect(failedError(Object.assign(new Error(), { response: { status: 429, headers } }), tried)).toMatchObject(
      expected,
    );
    expect(failedError(Object.assign(new Error(), { status: 400, headers }), tried)).toMatchObject({
      retryable: false,
    });
  });

  test('x-should-retry in their headers has the last word', () => {
    const error = Object.assign(new Error(), { status: 429, headers: { 'x-should-retry': 'false' } });
    expect(failedError(error, tried)?.retryable).toBe(false);
  });

  test.each(['ECONNRESET', 'ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN', 'ENOTFOUND', 'UND_ERR_SOCKET'])(
    '%s is worth another try, also as the cause of "fetch failed"',
    (code) => {
      expect(failedError(coded(code), tried)?.retryable).toBe(true);
      expect(failedError(new TypeError('fetch failed', { cause: coded(code) }), tried)?.retryable).toBe(true);
      expect(
        failedError(
          new Error('Connection error.', { cause: new TypeError('fetch failed', { cause: coded(code) }) }),
          tried,
        )?.retryable,
      ).toBe(true);
      expect(failedError(new AggregateError([coded('CERT'), coded(code)]), tried)?.retryable).toBe(true);
    },
  );

  test('a certificate that is no good stays so', () => {
    const error = new TypeError('fetch failed', { cause: coded('CERT_HAS_EXPIRED') });
    expect(failedError(error, tried)?.retryable).toBe(false);
  });

  test('a cause that points at itself ends the search', () => {
    const error = new Error('round and round');
    error.cause = error;
    expect(failedError(error, tried)?.retryable).toBe(false);
  });

  test.each([new Error('bug'), 'text', undefined, null])('%s is taken for a mistake', (error) => {
    expect(failedError(error, tried)).toMatchObject({ retryable: false });
  });

  test('an AbortError is no failure to be judged at all', () => {
    expect(failedError(new DOMException('gone', 'AbortError'), tried)).toBeUndefined();
    expect(failedError(failure('cancelled'), tried)).toBeUndefined();
  });

  test('a PipelineError is judged by its kind', () => {
    expect(failedError(failure('rate_limited', { retryAfterMs: 70 }), tried)).toMatchObject({
      hintMs: 70,
      retryable: true,
    });
    expect(failedError(failure('invalid_request'), tried)?.retryable).toBe(false);
  });
});
