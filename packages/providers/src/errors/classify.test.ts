import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { PipelineError, type HttpHeaders, type JsonValue } from '@x/core';
import { findDefaults } from '../defaults/provider-defaults.ts';
import { fixture } from '../testing/fixture.ts';
import { classify, type FailedCall } from './classify.ts';

interface ErrorCase {
  readonly name: string;
  readonly provider: string;
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly body: JsonValue;
  readonly kind: string;
  readonly retryAfterMs?: number;
  readonly code?: string;
}

const NOW = Date.parse('2026-11-22T12:00:00Z');
const CASES = JSON.parse(fixture('errors.json')) as ErrorCase[];

function call(change: Partial<FailedCall> = {}): FailedCall {
  return {
    provider: 'openai',
    target: { provider: 'openai', model: 'gpt-4o' },
    status: 429,
    headers: {},
    body: '',
    rows: [],
    resets: [],
    secret: undefined,
    now: NOW,
    ...change,
  };
}

describe('what providers answer', () => {
  test.each(CASES)('$provider, $name: $kind', ({ provider, status, headers, body, kind, retryAfterMs, code }) => {
    const { errors: rows = [], resets = [] } = findDefaults(provider) ?? {};
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const error = classify(call({ provider, status, headers, body: text, rows, resets }));
    expect(error.kind).toBe(kind);
    expect(error.retryAfterMs).toBe(retryAfterMs);
    expect(error.message.startsWith(`${provider}: `)).toBe(true);
    expect(error.upstream?.status).toBe(status);
    expect([undefined, error.upstream?.code]).toContain(code);
  });
});

describe('errors inside a stream have no status', () => {
  test.each([
    [{ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }, 'overloaded'],
    [{ error: { message: 'You exceeded your current quota', code: 'insufficient_quota' } }, 'quota_exhausted'],
    [{ error: { message: 'too long', code: 'context_length_exceeded' } }, 'context_length'],
    [{ error: { code: 503, message: 'The request queue is full.' } }, 'overloaded'],
    [{ error: { code: 429, message: 'slow' } }, 'rate_limited'],
    [{ error: { message: 'maximum context length is 4096 tokens' } }, 'context_length'],
    [{ error: { message: 'something broke' } }, 'server_error'],
    [{ error: 'something broke' }, 'server_error'],
  ] as const)('%j is %s', (body, kind) => {
    expect(classify(call({ status: 200, body })).kind).toBe(kind);
  });
});

describe('the message', () => {
  test('says the status where the provider says nothing', () => {
    expect(classify(call({ status: 503 })).message).toBe('openai: answered 503');
    expect(classify(call({ status: 502, body: '<html>x</html>' })).message).toBe('openai: answered 502');
  });

  test('is one line of bounded length', () => {
    const { message } = classify(call({ body: `a\n\n  b ${'x '.repeat(5_000)}` }));
    expect(message.startsWith('openai: a b x x')).toBe(true);
    expect(message.length).toBeLessThanOrEqual('openai: '.length + 1_000);
  });

  test('names the field of a caller’s mistake only', () => {
    const body = JSON.stringify({ error: { message: 'no', param: 'temperature' } });
    expect(classify(call({ status: 400, body })).param).toBe('temperature');
    expect(classify(call({ status: 401, body })).param).toBeUndefined();
  });
});

test('rows of the caller come before the shared ones', () => {
  const rows = [{ status: 429, message: /purple/, kind: 'content_filter' as const }];
  expect(classify(call({ rows, body: 'purple' })).kind).toBe('content_filter');
  expect(classify(call({ rows, body: 'green' })).kind).toBe('rate_limited');
});

test('any status, any headers and any body make an error with the key nowhere in it', () => {
  const secret = 'sk-proj-abcdefghijklmnop1234';
  fc.assert(
    fc.property(
      fc.integer({ min: 200, max: 599 }),
      fc.oneof(fc.json(), fc.string(), fc.constant(`{"error":{"message":"key ${secret} is bad","code":"${secret}"}}`)),
      fc.dictionary(fc.constantFrom('retry-after', 'retry-after-ms', 'x-ratelimit-reset'), fc.string()),
      (status, body, headers) => {
        const error = classify(call({ status, body, headers, secret }));
        expect(PipelineError.isInstance(error)).toBe(true);
        expect(error.message).not.toContain(secret);
        expect(error.upstream?.code ?? '').not.toContain(secret);
        expect(error.retryAfterMs ?? 0).toBeGreaterThanOrEqual(0);
      },
    ),
  );
});
