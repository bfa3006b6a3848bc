import Anthropic from '@anthropic-ai/sdk';
import { describe, expect, test } from 'vitest';
import { governed, type Governance } from '../test/support/governed.ts';

const MODEL = 'openai/gpt-4o-mini';
const CLAUDE = 'anthropic/claude-3-5-haiku-20241022';
const messages = [{ role: 'user' as const, content: 'Summarize this ticket.' }];
const KEY = `xk-${'a'.repeat(40)}`;
const OTHER = `xk-${'b'.repeat(40)}`;

const limited = (max: number): Governance => ({
  virtualKeys: { app: { name: 'App', key: KEY, limits: [{ unit: 'requests', max, per: 'minute' }] } },
});

describe('a gateway with virtual keys', () => {
  test('serves who brings one, in whichever header an SDK sends it, and says how its limits stand', async () => {
    const { url, openai, simulator } = await governed(limited(10));
    const { data, response } = await openai(KEY).chat.completions.create({ model: MODEL, messages }).withResponse();
    expect(data.choices[0]?.message.content).toMatch(/\w/);
    expect(response.headers.get('x-ratelimit-limit-requests')).toBe('10');
    expect(response.headers.get('x-ratelimit-remaining-requests')).toBe('9');
    expect(response.headers.get('x-ratelimit-reset-requests')).toMatch(/s$/);

    const anthropic = new Anthropic({ baseURL: `${url}/anthropic`, apiKey: KEY, maxRetries: 0 });
    const claude = await anthropic.messages.create({ model: CLAUDE, max_tokens: 50, messages }).withResponse();
    expect(claude.response.headers.get('x-ratelimit-remaining-requests')).toBe('8');
    for (const headers of [
      { 'x-goog-api-key': KEY },
      { 'x-gateway-key': KEY, authorization: 'Bearer something-else' },
    ]) {
      const body = JSON.stringify({ contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] });
      const path = '/gemini/v1beta/models/openai/gpt-4o-mini:generateContent';
      const answer = await fetch(url + path, { method: 'POST', headers, body });
      expect(answer.status).toBe(200);
    }
    expect(simulator.stats().providers['openai']?.ok).toBe(3);
  });

  test('tells a stream’s caller too, and one whom it refuses', async () => {
    const { openai } = await governed(limited(1));
    const { data, response } = await openai(KEY)
      .chat.completions.create({ model: MODEL, messages, stream: true })
      .withResponse();
    expect(response.headers.get('x-ratelimit-remaining-requests')).toBe('0');
    for await (const _ of data);
    const refused = openai(KEY).chat.completions.create({ model: MODEL, messages });
    await expect(refused).rejects.toMatchObject({
      status: 429,
      code: 'limit_exceeded',
      message: expect.stringMatching(/requests.*minute.*App/),
      headers: expect.toSatisfy(
        (headers: Headers) =>
          Number(headers.get('retry-after')) > 0 &&
          Number(headers.get('retry-after-ms')) > 0 &&
          headers.get('x-ratelimit-remaining-requests') === '0',
      ),
    });
  });

  test('refuses who brings none, or one that nobody knows, in their own dialect and without the key', async () => {
    const { url, openai, simulator, lines } = await governed(limited(10));
    await expect(openai('sk-whatever').chat.completions.create({ model: MODEL, messages })).rejects.toMatchObject({
      status: 401,
      code: 'virtual_key_unknown',
    });
    const anthropic = new Anthropic({ baseURL: `${url}/anthropic`, apiKey: OTHER, maxRetries: 0 });
    await expect(anthropic.messages.create({ model: CLAUDE, max_tokens: 50, messages })).rejects.toMatchObject({
      status: 401,
      error: { type: 'error', error: { type: 'authentication_error' } },
    });
    const bare = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({ model: MODEL, messages }),
    });
    expect(bare.status).toBe(401);
    const text = await bare.text();
    expect(text).toContain('virtual_key_required');
    expect(simulator.stats().providers['openai']?.requests ?? 0).toBe(0);
    expect(lines.join('') + text).not.toContain(OTHER);
  });

  test('governs embeddings, counts and what is handed on alike', async () => {
    const { url, simulator, state } = await governed(limited(2));
    const bodies: readonly (readonly [string, object])[] = [
      ['/v1/embeddings', { model: 'openai/text-embedding-3-small', input: 'Hi' }],
      ['/v1/moderations', { model: 'openai/omni-moderation-latest', input: 'Hi' }],
      ['/v1/messages/count_tokens', { model: CLAUDE, messages }],
    ];
    const send = (path: string, body: object, key?: string) =>
      fetch(url + path, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) },
      });
    for (const [path, body] of bodies) expect([path, (await send(path, body)).status]).toEqual([path, 401]);
    expect(simulator.stats().providers['openai']?.requests ?? 0).toBe(0);
    const answers = [];
    for (const [path, body] of bodies) answers.push(await send(path, body, KEY));
    for (const { headers } of answers) expect(headers.get('x-ratelimit-limit-requests')).toBe('2');
    expect(state?.governance.health.leases).toBe(0);
  });

  test('lets nobody at what is not theirs, and lets a fallback be', async () => {
    const { openai } = await governed({
      virtualKeys: { app: { name: 'App', key: KEY, deny: { providers: ['openai'] } } },
    });
    const alone = openai(KEY).chat.completions.create({ model: MODEL, messages });
    await expect(alone).rejects.toMatchObject({ status: 403, code: 'provider_not_allowed' });
    const answer = await openai(KEY).chat.completions.create({ model: MODEL, messages, fallbacks: [CLAUDE] } as never);
    expect(answer).toMatchObject({ extra_fields: { provider: 'anthropic' } });
  });

  test('spends no more than there is, and says until when', async () => {
    const { openai, state } = await governed({
      customers: { acme: { name: 'Acme', budgets: [{ usd: 0.0001, per: 'day' }] } },
      virtualKeys: { app: { name: 'App', key: KEY, customer: 'acme' } },
    });
    const ask = () => openai(KEY).chat.completions.create({ model: MODEL, messages, max_tokens: 20 });
    const answers = await Promise.allSettled(Array.from({ length: 30 }, ask));
    const refused = answers.filter((answer) => answer.status === 'rejected');
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThan(30);
    for (const { reason } of refused) {
      expect(reason).toMatchObject({ status: 402, code: 'budget_exceeded', message: expect.stringContaining('Acme') });
    }
    const [total] = (await state?.durable.ledger.usage({ groupBy: [], from: 0, to: Number.MAX_SAFE_INTEGER })) ?? [];
    expect(total?.requests).toBe(30 - refused.length);
    expect(total?.cost).toBeLessThanOrEqual(100_000);
    expect(state?.governance.health.leases).toBe(0);
  });

  test('has an answer in the ledger before its caller sees the end of it', async () => {
    const { openai, state } = await governed(limited(100));
    const { ledger } = state?.durable ?? {};
    for (const stream of [false, true] as const) {
      const { data, response } = await openai(KEY)
        .chat.completions.create({ model: MODEL, messages, stream })
        .withResponse();
      if (Symbol.asyncIterator in data) for await (const _ of data);
      const rows = await ledger?.rowsOf(response.headers.get('x-request-id') ?? '');
      expect(rows?.map(({ type, virtualKey, outcome }) => [type, virtualKey, outcome])).toEqual([
        ['attempt', 'app', 'ok'],
        ['answer', 'app', 'ok'],
      ]);
      expect(rows?.[1]?.cost).toBeGreaterThan(0);
    }
  });
});
