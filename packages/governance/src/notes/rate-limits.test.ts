import { parseDuration } from '@x/core';
import type { LimitState, Unit } from '@x/store';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { GovernanceBench, keyed } from '../testing/bench.ts';
import { formatDuration, rateLimitHeaders, tightest } from './rate-limits.ts';

test.each([
  [0, '0s'],
  [-5, '0s'],
  [0.4, '1ms'],
  [17, '17ms'],
  [1_000, '1s'],
  [1_500, '1.5s'],
  [60_000, '1m0s'],
  [360_000, '6m0s'],
  [3_600_000, '1h0m0s'],
  [86_399_999, '23h59m59.999s'],
])('%d ms is %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test('what is written is read as the same time by whoever reads such headers', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 10_000_000_000 }), (ms) => {
      expect(parseDuration(formatDuration(ms))).toBeCloseTo(ms, 3);
    }),
  );
});

const state = (unit: Unit, max: number, used: number, resetsAt?: number): LimitState => ({
  limit: { id: `${unit}-${max}`, unit, max, window: { type: 'sliding', ms: 1 }, seeded: false },
  used,
  resetsAt,
});

test('the tightest limit of each unit is that of which the least is left', () => {
  const states = [
    state('requests', 100, 10, 5_000),
    state('requests', 1_000, 950.5, 9_000),
    state('tokens', 10, 20, 2_000),
    state('cost', 1, 1, 1),
    state('concurrent', 1, 1),
  ];
  expect(tightest(states, 1_000)).toEqual({
    requests: { limit: 1_000, remaining: 49, resetMs: 8_000 },
    tokens: { limit: 10, remaining: 0, resetMs: 1_000 },
  });
  expect(tightest(states.slice(3), 0)).toBeUndefined();
});

describe('the notes of a request', () => {
  const limits = [
    { unit: 'requests', max: 2, per: 'minute' },
    { unit: 'tokens', max: 1_000, per: 'minute' },
  ];

  test('say how its limits stand: after an answer, after a refusal, and where no target was asked', async () => {
    const bench = await GovernanceBench.open();
    const key = await bench.key({ limits, deny: { models: ['gpt-5'] } });
    const headers = async (model?: string) => {
      const context = bench.context();
      const request = keyed(key, { max_tokens: 100 });
      const asked = model === undefined ? request : { ...request, target: { ...request.target, model } };
      await bench
        .handler()(asked, context)
        .catch(() => undefined);
      const rates = await context.notes.rateLimits();
      return rates && rateLimitHeaders(rates);
    };
    expect(await headers('gpt-5')).toMatchObject({ 'x-ratelimit-remaining-requests': '2' });
    expect(await headers()).toEqual({
      'x-ratelimit-limit-requests': '2',
      'x-ratelimit-remaining-requests': '1',
      'x-ratelimit-reset-requests': expect.stringMatching(/^(1m\d|59\.).*s$/),
      'x-ratelimit-limit-tokens': '1000',
      'x-ratelimit-remaining-tokens': '985',
      'x-ratelimit-reset-tokens': expect.stringMatching(/^(1m\d|59\.).*s$/),
    });
    await headers();
    expect(await headers()).toMatchObject({ 'x-ratelimit-remaining-requests': '0' });
  });

  test('say nothing where nothing is limited so', async () => {
    const bench = await GovernanceBench.open();
    const key = await bench.key({ budgets: [{ usd: 1, per: 'day' }] });
    const context = bench.context();
    expect(context.notes.rateLimits()).toBeUndefined();
    await bench.handler()(keyed(key), context);
    expect(context.notes.rateLimits()).toBeUndefined();
  });
});
