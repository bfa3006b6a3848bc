import { describe, expect, test } from 'vitest';
import type { HttpHeaders } from '../http.ts';
import { retryHint } from './retry-hint.ts';

const NOW = Date.UTC(2026, 0, 1);

const fromHeaders = (headers: HttpHeaders) => retryHint({ headers, now: NOW });
const fromBody = (body: string) => retryHint({ headers: {}, body, now: NOW })?.ms;

test('reads the hints in this order, passing over what it cannot read', () => {
  const headers: Record<string, string | undefined> = {
    'retry-after-ms': '1',
    'x-ms-retry-after-ms': '2',
    'retry-after': '3',
    'x-remaining': '0',
    'x-reset': '5',
  };
  const resets = [{ remaining: 'x-remaining', reset: 'x-reset', format: 'seconds' }] as const;
  const read = (body?: string) => retryHint({ headers, body, now: NOW, resets });
  expect(read('try again in 4s')).toEqual({ ms: 1, source: 'retry-after-ms' });
  headers['retry-after-ms'] = 'soon';
  expect(read('try again in 4s')).toEqual({ ms: 2, source: 'x-ms-retry-after-ms' });
  headers['x-ms-retry-after-ms'] = '-1';
  expect(read('try again in 4s')).toEqual({ ms: 3_000, source: 'retry-after' });
  headers['retry-after'] = 'NaN';
  expect(read('try again in 4s')).toEqual({ ms: 4_000, source: 'body' });
  expect(read('try again in vain')).toEqual({ ms: 5_000, source: 'reset' });
  headers['x-remaining'] = '1';
  expect(read()).toBeUndefined();
});

describe('retry-after', () => {
  test.each([
    ['12', 12_000],
    ['2.0', 2_000],
    ['0', 0],
    ['17ms', 17],
    ['1000000000000', 1e15],
    ['Thu, 01 Jan 2026 00:00:07 GMT', 7_000],
    ['Thu, 01 Jan 2026 00:00:00 GMT', 0],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['2026-01-01T00:00:07Z', 7_000],
    ['Fri, 31 Dec 9999 23:59:59 GMT', 253_402_300_799_000 - NOW],
  ])('%s is %d ms', (text, ms) => {
    expect(fromHeaders({ 'retry-after': text })).toEqual({ ms, source: 'retry-after' });
  });

  test.each(['', 'soon', 'after 5', '-1', 'NaN', '1e3', ' '])('"%s" is no hint', (text) => {
    expect(fromHeaders({ 'retry-after': text })).toBeUndefined();
  });

  test('a date counts from the date of an answer whose clock is an hour off', () => {
    const headers = { date: 'Wed, 31 Dec 2025 23:00:00 GMT', 'retry-after': 'Wed, 31 Dec 2025 23:00:30 GMT' };
    expect(fromHeaders(headers)?.ms).toBe(30_000);
    expect(fromHeaders({ ...headers, date: 'nonsense' })?.ms).toBe(0);
  });
});

describe('the body', () => {
  test.each([
    ['Rate limit reached. Please try again in 7.66s. Visit https://example.com', 7_660],
    ['Please try again in 6ms.', 6],
    ['Please try again in 5m.', 300_000],
    ['Please try again in 1h2m3.5s.', 3_723_500],
    ['Please try again in 7m12s', 432_000],
    ['Please retry in 10.68s.', 10_680],
    ['Please retry in 51820.638305887s.', 51_820_638.305887],
    ['try again in 2m 59.56s', 179_560],
    ['Try again in 20 seconds', 20_000],
    ['Please retry after 1 second.', 1_000],
    ['Please retry after 5 minutes.', 300_000],
    ['try again in 250 milliseconds', 250],
    ['try again in 2 hours', 7_200_000],
    ['try again in 100 ms', 100],
    ['{"error":{"details":[{"@type":"…RetryInfo","retryDelay":"34s"}]}}', 34_000],
    ['{ "retryDelay" : "34.074824224s" }', 34_074.824224],
    ['{"details":[{},,{"retryDelay": "34s"},,]}', 34_000],
    [String.raw`{"raw":"{\"retryDelay\": \"34s\"}"}`, 34_000],
    ['{"message":"Please retry in 12s.","details":[{"retryDelay":"34s"}]}', 34_000],
  ])('%s', (body, ms) => {
    expect(fromBody(body)).toBeCloseTo(ms, 6);
  });

  test.each([
    'try again in a while',
    'try again in 5',
    'try again in 5 months',
    'try again in 1.2.3s',
    '{"retryDelay":"soon"}',
    '{"retryDelay":""}',
    'retry in -5s',
    '',
  ])('%s: no hint', (body) => {
    expect(fromBody(body)).toBeUndefined();
  });

  test('only its beginning is searched', () => {
    expect(fromBody(`${' '.repeat(20_000)}try again in 5s`)).toBeUndefined();
  });
});

/** Milliseconds for texts that would take ages if a pattern went over its input more than a few times. */
const ATTACK_LIMIT_MS = 200;

test.each([
  ['digits', `try again in ${'1'.repeat(16_000)}`],
  ['parts', `try again in ${'1s'.repeat(8_000)}!`],
  ['spaced parts', `try again in ${'1s '.repeat(5_000)}!`],
  ['spaces', `"retryDelay"${' '.repeat(16_000)}`],
  ['openings', '"retryDelay":"'.repeat(1_100)],
  ['sentences', 'try again in 1'.repeat(1_100)],
  ['dots', `retry in ${'.'.repeat(16_000)}s`],
])('a body of many %s is searched in linear time', (_name, body) => {
  const started = process.cpuUsage();
  for (let times = 0; times < 10; times += 1)
    retryHint({ headers: { 'retry-after': body, date: body }, body, now: NOW });
  const { user } = process.cpuUsage(started);
  expect(user / 1_000).toBeLessThan(ATTACK_LIMIT_MS);
});

describe('reset headers', () => {
  const remaining = 'x-remaining';
  const reset = 'x-reset';

  test.each([
    ['duration', '6m0s', 360_000],
    ['duration', '120ms', 120],
    ['seconds', '10', 10_000],
    ['seconds', '0.25', 250],
    ['epoch-seconds', String(NOW / 1_000 + 60), 60_000],
    ['epoch-ms', String(NOW + 60_000), 60_000],
    ['epoch-ms', '1000000000000', 0],
    ['date', '2026-01-01T00:01:00Z', 60_000],
    ['date', '2025-01-01T00:00:00Z', 0],
    ['duration', '6', undefined],
    ['seconds', '6s', undefined],
    ['epoch-ms', 'NaN', undefined],
    ['date', '60', undefined],
  ] as const)('%s: %s', (format, text, ms) => {
    const hint = retryHint({
      headers: { [remaining]: '0', [reset]: text },
      now: NOW,
      resets: [{ remaining, reset, format }],
    });
    expect(hint?.ms).toBe(ms);
  });

  test('the latest of the limits that are used up wins; the others say nothing', () => {
    const headers = { ra: '0', a: '1', rb: '0', b: '7', rc: '3', c: '99', rd: '0' };
    const resets = ['a', 'b', 'c', 'd'].map((name) => ({
      remaining: `r${name}`,
      reset: name,
      format: 'seconds' as const,
    }));
    expect(retryHint({ headers, now: NOW, resets })).toEqual({ ms: 7_000, source: 'reset' });
  });
});
