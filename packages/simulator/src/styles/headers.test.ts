import { expect, test } from 'vitest';
import { Lane } from '../engine/lane.ts';
import { writeLimitHeaders, writeRetryAfter, type HeaderStyle, type RetryAfterStyle } from './headers.ts';

const START = Date.UTC(2026, 0, 1);

function headersOf(style: HeaderStyle, lane: Lane, now = START): Record<string, string> {
  const headers: Record<string, string> = {};
  writeLimitHeaders(style, lane, now, headers);
  return headers;
}

function usedLane(): Lane {
  const lane = new Lane({ rpm: 60, tpm: 30_000, itpm: 50_000, otpm: 8_000, rpd: 1_000 }, START);
  lane.admit({ requests: 1, tokens: 1_234, inputTokens: 1_234, outputTokens: 0 }, START);
  lane.settle({ requests: 0, tokens: 0, inputTokens: 0, outputTokens: 700 }, START);
  return lane;
}

test('openai: Go durations until each limit is whole again', () => {
  expect(headersOf('openai', usedLane())).toEqual({
    'x-ratelimit-limit-requests': '60',
    'x-ratelimit-remaining-requests': '59',
    'x-ratelimit-reset-requests': '1s',
    'x-ratelimit-limit-tokens': '30000',
    'x-ratelimit-remaining-tokens': '28766',
    'x-ratelimit-reset-tokens': '2.468s',
  });
});

test('azure: the same names in whole seconds', () => {
  expect(headersOf('azure', usedLane())).toMatchObject({
    'x-ratelimit-reset-requests': '1',
    'x-ratelimit-reset-tokens': '3',
  });
});

test('groq: requests per day, tokens per minute', () => {
  expect(headersOf('groq', usedLane())).toMatchObject({
    'x-ratelimit-limit-requests': '1000',
    'x-ratelimit-remaining-requests': '999',
    'x-ratelimit-reset-requests': '1m26.4s',
    'x-ratelimit-limit-tokens': '30000',
    'x-ratelimit-reset-tokens': '2.468s',
  });
});

test('anthropic: RFC 3339, thousands, and the tightest limit under the name of tokens', () => {
  expect(headersOf('anthropic', usedLane())).toEqual({
    'anthropic-ratelimit-requests-limit': '60',
    'anthropic-ratelimit-requests-remaining': '59',
    'anthropic-ratelimit-requests-reset': '2026-01-01T00:00:01Z',
    'anthropic-ratelimit-input-tokens-limit': '50000',
    'anthropic-ratelimit-input-tokens-remaining': '49000',
    'anthropic-ratelimit-input-tokens-reset': '2026-01-01T00:00:02Z',
    'anthropic-ratelimit-output-tokens-limit': '8000',
    'anthropic-ratelimit-output-tokens-remaining': '7000',
    'anthropic-ratelimit-output-tokens-reset': '2026-01-01T00:00:06Z',
    'anthropic-ratelimit-tokens-limit': '8000',
    'anthropic-ratelimit-tokens-remaining': '7000',
    'anthropic-ratelimit-tokens-reset': '2026-01-01T00:00:06Z',
  });
});

test('limits that do not exist are not told, and in debt nothing remains', () => {
  const lane = new Lane({ otpm: 100 }, START);
  lane.admit({ requests: 1, tokens: 0, inputTokens: 0, outputTokens: 0 }, START);
  lane.settle({ requests: 0, tokens: 0, inputTokens: 0, outputTokens: 500 }, START);
  expect(headersOf('none', lane)).toEqual({});
  expect(headersOf('openai', lane)).toEqual({});
  expect(headersOf('anthropic', lane)['anthropic-ratelimit-output-tokens-remaining']).toBe('0');
});

test.each<[RetryAfterStyle, Record<string, string>]>([
  ['none', {}],
  ['seconds', { 'retry-after': '2' }],
  ['both', { 'retry-after': '2', 'retry-after-ms': '1201' }],
])('retry-after: %s', (style, expected) => {
  const headers: Record<string, string> = {};
  writeRetryAfter(style, 1_200.4, headers);
  expect(headers).toEqual(expected);
});
