import { retryHint } from '@x/core';
import { expect, test } from 'vitest';
import { Bench, parse, type Told } from '../../test/harness.ts';
import type { Limits, ProviderConfig } from '../options.ts';

/** The answer to a request that comes when one per minute has been served, 48.8 seconds before the next. */
async function refused(provider: string, config: ProviderConfig = {}, limits: Limits = { rpm: 1 }): Promise<Told> {
  const bench = new Bench({ providers: { [provider]: { keys: ['key-1'], limits, ...config } } });
  await bench.ask({ provider });
  await bench.clock.advance(11_200);
  return bench.ask({ provider });
}

const hintOf = ({ headers, text }: Told) => retryHint({ headers, body: text, now: Date.UTC(2026, 0, 1) })?.ms;

test('openai 429: the message has the sizes and the time, headers repeat the limits', async () => {
  const told = await refused('openai');
  expect(told.status).toBe(429);
  expect(parse(told.text)).toEqual({
    error: {
      message:
        'Rate limit reached for m in organization org-simulated on requests per min (RPM): Limit 1, Used 1, Requested 1. ' +
        'Please try again in 48.8s. Visit https://platform.openai.com/account/rate-limits to learn more.',
      type: 'requests',
      param: null,
      code: 'rate_limit_exceeded',
    },
  });
  expect(told.headers).toMatchObject({ 'x-ratelimit-remaining-requests': '0', 'x-ratelimit-reset-requests': '48.8s' });
  expect(told.headers['retry-after']).toBeUndefined();
  expect(hintOf(told)).toBe(48_800);
});

test('openai 429: tokens have their own type, and a request above the limit says so', async () => {
  const tokens = await refused('openai', {}, { tpm: 6 });
  expect(parse(tokens.text)['error']).toMatchObject({ type: 'tokens', code: 'rate_limit_exceeded' });
  const bench = new Bench({ providers: { openai: { limits: { tpm: 100 } } } });
  const large = await bench.ask({ body: { max_tokens: 101 } });
  expect(large.status).toBe(429);
  expect(large.text).toContain(
    'Request too large for m in organization org-simulated on tokens per min (TPM): Limit 100',
  );
  expect(hintOf(large)).toBeUndefined();
});

test('anthropic 429: whole seconds in retry-after, nothing in the body', async () => {
  const told = await refused('anthropic');
  expect(told.status).toBe(429);
  expect(told.headers).toMatchObject({
    'retry-after': '49',
    'anthropic-ratelimit-requests-remaining': '0',
    'anthropic-ratelimit-requests-reset': '2026-01-01T00:01:00Z',
  });
  const body = parse(told.text);
  expect(body).toMatchObject({ type: 'error', error: { type: 'rate_limit_error' } });
  expect(body['request_id']).toBe(told.headers['request-id']);
});

test('azure 429: retry-after in seconds and in milliseconds', async () => {
  const told = await refused('azure');
  expect(told.headers).toMatchObject({
    'retry-after': '49',
    'retry-after-ms': '48800',
    'x-ratelimit-reset-requests': '49',
  });
  expect(parse(told.text)['error']).toMatchObject({ code: '429' });
  expect(told.text).toContain('Please retry after 49 seconds.');
});

test('groq 429: by the minute, and 413 for a request above the limit', async () => {
  const told = await refused('groq');
  expect(told.status).toBe(429);
  expect(told.headers['retry-after']).toBe('49');
  expect(told.text).toContain('on requests per min (RPM): Limit 1, Used 1, Requested 1. Please try again in 48.8s.');
  const bench = new Bench({ providers: { groq: { limits: { tpm: 100 } } } });
  const large = await bench.ask({ provider: 'groq', body: { max_tokens: 200 } });
  expect(large.status).toBe(413);
  expect(parse(large.text)['error']).toMatchObject({ type: 'tokens', code: 'rate_limit_exceeded' });
});

test('bedrock 429: a message, a decorated name in a header, and no hint at all', async () => {
  const told = await refused('bedrock');
  expect(told.status).toBe(429);
  expect(parse(told.text)).toEqual({ message: 'Too many requests, please wait before trying again.' });
  expect(told.headers['x-amzn-errortype']).toMatch(/^ThrottlingException:http/);
  expect(hintOf(told)).toBeUndefined();
});

test('bedrock names the day when the daily tokens are gone', async () => {
  const bench = new Bench({ providers: { bedrock: { limits: { tpd: 4_200 }, outputTokens: 300 } } });
  await bench.ask({ provider: 'bedrock' });
  const told = await bench.ask({ provider: 'bedrock' });
  expect(parse(told.text)).toEqual({ message: 'Too many tokens per day, please wait before trying again.' });
});

test('gemini 429: RetryInfo and QuotaFailure in the body, no headers; a daily limit still tells a short time', async () => {
  const told = await refused('gemini');
  const error = parse(told.text)['error'];
  expect(error).toMatchObject({ code: 429, status: 'RESOURCE_EXHAUSTED' });
  expect(told.text).toContain('"retryDelay":"48.8s"');
  expect(told.text).toContain('GenerateRequestsPerMinutePerProjectPerModel-FreeTier');
  expect(hintOf(told)).toBe(48_800);
  const daily = await refused('gemini', {}, { rpd: 1 });
  expect(daily.text).toContain('GenerateRequestsPerDayPerProjectPerModel-FreeTier');
  expect(hintOf(daily)).toBe(22_000);
});

test('deepseek counts calls at the same time and gives no hint', async () => {
  const bench = new Bench({
    providers: { deepseek: { limits: { concurrency: 1 }, latency: { firstTokenMs: 100 } } },
  });
  const [first, second] = await bench.clock.run(
    Promise.all([bench.send({ provider: 'deepseek' }), bench.send({ provider: 'deepseek' })]),
  );
  expect(first.status).toBe(200);
  expect(second.status).toBe(429);
  expect((await bench.ask({ provider: 'deepseek' })).status).toBe(200);
});

const KEYS = [
  { name: 'good', value: 'key-1' },
  { name: 'poor', state: 'insufficient_quota' as const },
  { name: 'dead', state: 'invalid' as const },
];

test.each([
  ['openai', 401, 'invalid_api_key'],
  ['groq', 401, 'invalid_api_key'],
  ['azure', 401, 'Access denied due to invalid subscription key'],
  ['anthropic', 401, 'authentication_error'],
  ['bedrock', 403, 'security token'],
  ['gemini', 400, 'API_KEY_INVALID'],
  ['deepseek', 401, 'authentication_error'],
  ['cohere', 401, 'invalid api token'],
])('%s answers an unknown or dead key with %d', async (provider, status, text) => {
  const bench = new Bench({ providers: { [provider]: { keys: KEYS } } });
  for (const key of ['nobody', 'dead']) {
    const told = await bench.ask({ provider, key });
    expect(told.status).toBe(status);
    expect(told.text).toContain(text);
    expect(told.text).not.toContain('nobody');
  }
});

test.each([
  ['openai', 429, '"code":"insufficient_quota"'],
  ['anthropic', 429, '"error_code":"enforced_spend_limit_reached"'],
  ['bedrock', 429, 'per day'],
  ['gemini', 402, 'RESOURCE_EXHAUSTED'],
  ['deepseek', 402, 'Insufficient Balance'],
  ['cohere', 402, 'spending limit'],
])('%s answers a key without money with %d and no time', async (provider, status, text) => {
  const bench = new Bench({ providers: { [provider]: { keys: KEYS } } });
  const told = await bench.ask({ provider, key: 'poor' });
  expect(told.status).toBe(status);
  expect(told.text).toContain(text);
  expect(hintOf(told)).toBeUndefined();
});

test.each([
  ['openai', '"code":"model_not_found"'],
  ['anthropic', '"type":"not_found_error","message":"model: other"'],
  ['bedrock', 'Could not resolve the foundation model'],
  ['gemini', '"status":"NOT_FOUND"'],
  ['azure', 'DeploymentNotFound'],
  ['cohere', "model 'other' not found"],
])('%s answers 404 for a model that is not listed', async (provider, text) => {
  const bench = new Bench({ providers: { [provider]: { models: ['m'] } } });
  const told = await bench.ask({ provider, body: { model: 'other' } });
  expect(told.status).toBe(404);
  expect(told.text).toContain(text);
});

test.each([
  ['openai', '"code":"context_length_exceeded"'],
  ['anthropic', 'prompt is too long: 6 tokens > 5 maximum'],
  ['bedrock', 'Input is too long for requested model.'],
  ['gemini', 'The input token count (6) exceeds the maximum number of tokens allowed (5).'],
  ['cohere', 'too many tokens: size limit exceeded by 1 tokens'],
])('%s answers 400 when the prompt does not fit', async (provider, text) => {
  const bench = new Bench({ providers: { [provider]: { models: [{ name: 'm', contextWindow: 5 }] } } });
  const told = await bench.ask({ provider });
  expect(told.status).toBe(400);
  expect(told.text).toContain(text);
});
