import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { pino } from 'pino';
import { describe, expect, onTestFinished, test } from 'vitest';
import { configFromObject } from '@x/config';
import { createSimulator, SIMULATED_PROVIDERS, type FaultRule } from '@x/simulator';
import { demoConfig } from './demo.ts';
import { createGateway } from './gateway.ts';

const MODEL = 'openai/gpt-4o-mini';
const CLAUDE = 'anthropic/claude-3-5-sonnet-20241022';
const messages = [{ role: 'user' as const, content: 'Summarize this ticket.' }];

/** The demonstration's providers, without their latency. */
const AT_ONCE = Object.fromEntries(
  Object.entries(SIMULATED_PROVIDERS).map(([name, provider]) => [name, { ...provider, latency: undefined }]),
);

/** The gateway as it starts without keys, with every request logged. */
async function demo(faults: readonly FaultRule[] = []) {
  const simulator = createSimulator({ providers: AT_ONCE, faults });
  const simulated = await simulator.listen();
  const lines: Record<string, unknown>[] = [];
  const logger = pino(
    { level: 'debug' },
    { write: (line) => void lines.push(JSON.parse(line) as Record<string, unknown>) },
  );
  const gateway = createGateway(demoConfig(simulated.url), { logger });
  const url = `http://127.0.0.1:${await gateway.listen(0, '127.0.0.1')}`;
  onTestFinished(async () => {
    await gateway.close();
    await simulated.close();
  });
  const openai = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'the-callers-own', maxRetries: 0 });
  const anthropic = new Anthropic({ baseURL: `${url}/anthropic`, apiKey: 'the-callers-own', maxRetries: 0 });
  return { simulator, gateway, url, openai, anthropic, lines };
}

const OPENAI_IS_OUT: FaultRule[] = [
  { name: 'status', status: 429, headers: { 'retry-after': '60' }, when: { provider: 'openai' } },
];

describe('with the official clients', () => {
  test('openai chats', async () => {
    const { openai } = await demo();
    const answer = await openai.chat.completions.create({ model: MODEL, messages });
    expect(answer).toMatchObject({
      model: 'gpt-4o-mini',
      extra_fields: { provider: 'openai', attempts: [{ outcome: 'ok' }] },
    });
    expect(answer.choices[0]?.message.content).toMatch(/\w/);
  });

  test('openai chats and streams while its first provider answers only 429', async () => {
    const { openai, simulator, lines } = await demo(OPENAI_IS_OUT);
    const body = { model: MODEL, messages, fallbacks: [CLAUDE] };
    const answer = await openai.chat.completions.create(body);
    expect(answer).toMatchObject({ model: 'claude-3-5-sonnet-20241022', extra_fields: { provider: 'anthropic' } });
    const [line] = lines.filter(({ msg }) => msg === 'request');
    const { prompt_tokens: inputTokens, completion_tokens: outputTokens } = answer.usage ?? {};
    expect(line).toMatchObject({ served: CLAUDE, usage: { inputTokens, outputTokens } });
    const attempts = (line?.['attempts'] ?? []) as readonly { outcome: string }[];
    const outcomes = attempts.map(({ outcome }) => outcome);
    expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(1);
    expect(outcomes).toContain('rate_limited');

    const { data: stream, response } = await openai.chat.completions.create({ ...body, stream: true }).withResponse();
    let text = '';
    let finish: string | null | undefined;
    for await (const event of stream) {
      text += event.choices[0]?.delta.content ?? '';
      finish = event.choices[0]?.finish_reason ?? finish;
    }
    expect(text).toMatch(/\w/);
    expect(finish).toBe('stop');
    expect(response.headers.get('x-gateway-provider')).toBe('anthropic');
    expect(simulator.stats().providers['openai']).toMatchObject({ ok: 0 });
  });

  test('anthropic chats and streams', async () => {
    const { anthropic } = await demo();
    const body = { model: CLAUDE, max_tokens: 50, messages };
    const answer = await anthropic.messages.create(body);
    expect(answer).toMatchObject({ type: 'message', role: 'assistant' });
    const final = await anthropic.messages.stream(body).finalMessage();
    expect(final.content[0]).toMatchObject({ type: 'text', text: expect.stringMatching(/\w/) });
  });

  test('anthropic is answered by openai', async () => {
    const { anthropic } = await demo();
    const { data, response } = await anthropic.messages
      .create({ model: MODEL, max_tokens: 50, messages })
      .withResponse();
    expect(data).toMatchObject({ type: 'message', content: [{ type: 'text' }] });
    expect(response.headers.get('x-gateway-provider')).toBe('openai');
  });

  test('errors are the ones that the clients know', async () => {
    const { openai, anthropic } = await demo();
    await expect(openai.chat.completions.create({ model: 'nobody/x', messages })).rejects.toMatchObject({
      status: 404,
      code: 'unknown_provider',
      param: 'model',
    });
    const ask = { model: 'claude-3-5-haiku-20241022', max_tokens: 20, messages };
    await expect(anthropic.messages.create({ ...ask, fallbacks: 'none' } as typeof ask)).rejects.toMatchObject({
      status: 400,
      error: { type: 'error', error: { type: 'invalid_request_error' } },
    });
    await expect(anthropic.messages.create({ ...ask, model: 'claude' })).rejects.toMatchObject({
      status: 404,
      error: { type: 'error', error: { type: 'not_found_error' } },
    });
  });

  test('a model without a provider is found, whatever the client speaks', async () => {
    const { openai, anthropic } = await demo();
    const asked = openai.chat.completions.create({ model: 'claude-3-5-haiku-20241022', messages });
    expect((await asked.withResponse()).response.headers.get('x-gateway-provider')).toBe('anthropic');
    const other = anthropic.messages.create({ model: 'gpt-4o-mini', max_tokens: 20, messages });
    expect((await other.withResponse()).response.headers.get('x-gateway-provider')).toBe('openai');
  });

  test("a model without a provider is one of the client's own vendor", async () => {
    const { openai, anthropic } = await demo();
    const { response } = await openai.chat.completions.create({ model: 'gpt-4o-mini', messages }).withResponse();
    expect(response.headers.get('x-gateway-provider')).toBe('openai');
    const message = await anthropic.messages.create({ model: 'claude-3-5-haiku-20241022', max_tokens: 20, messages });
    expect(message.type).toBe('message');
  });

  test('the list of models is the one of the configuration', async () => {
    const { openai } = await demo();
    const ids = (await openai.models.list()).data.map(({ id }) => id);
    expect(ids).toContain(MODEL);
    expect(ids).toContain('bedrock/anthropic.claude-3-sonnet-20240229-v1:0');
    expect(await openai.models.list()).toMatchObject({
      data: expect.arrayContaining([
        expect.objectContaining({
          id: MODEL,
          context_window: 128_000,
          max_output_tokens: 16_384,
          pricing: { input: 0.15, cache_read: 0.075, cache_write: 0.15, output: 0.6, reasoning: 0.6 },
        }),
      ]) as object[],
    });
  });
});

describe('what an answer cost', () => {
  const chat = { model: MODEL, messages };
  const COST = { usd: expect.closeTo(0.000_1, 3) as number, nano_usd: expect.any(Number) as number };

  test('stands in extra_fields, in a header, on the log line and in the metrics', async () => {
    const { openai, anthropic, url, lines } = await demo();
    const { data, response } = await openai.chat.completions.create(chat).withResponse();
    const { prompt_tokens: input = 0, completion_tokens: output = 0 } = data.usage ?? {};
    const nano = input * 150 + output * 600;
    expect(nano).toBeGreaterThan(0);
    expect(data).toMatchObject({ extra_fields: { cost: { usd: nano / 1e9, nano_usd: nano } } });
    expect(Number(response.headers.get('x-gateway-cost-usd'))).toBe(nano / 1e9);
    expect(lines.find(({ msg }) => msg === 'request')).toMatchObject({ costUsd: nano / 1e9, costNanoUsd: nano });
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toContain(`gateway_cost_usd_total{provider="openai",model="gpt-4o-mini"} ${nano / 1e9}\n`);

    const ask = { model: 'claude-3-5-haiku-20241022', max_tokens: 20, messages };
    const { data: message, response: other } = await anthropic.messages.create(ask).withResponse();
    const { input_tokens: read, output_tokens: written } = message.usage;
    expect(Number(other.headers.get('x-gateway-cost-usd'))).toBeCloseTo((read * 800 + written * 4_000) / 1e9, 9);
  });

  test('stands in the chunk of a stream that counts the tokens, where the caller asked for one', async () => {
    const { openai, lines } = await demo();
    const counted = await openai.chat.completions.create({
      ...chat,
      stream: true,
      stream_options: { include_usage: true },
    });
    const chunks: object[] = [];
    for await (const chunk of counted) chunks.push(chunk);
    expect(chunks.filter((chunk) => 'extra_fields' in chunk)).toEqual([chunks.at(-1)]);
    expect(chunks.at(-1)).toMatchObject({ usage: expect.any(Object), extra_fields: { cost: COST } });
    for await (const chunk of await openai.chat.completions.create({ ...chat, stream: true })) {
      expect(chunk).not.toHaveProperty('extra_fields');
    }
    const ended: object[] = [];
    for await (const event of await openai.responses.create({ model: MODEL, input: 'Hello', stream: true })) {
      if (event.type === 'response.completed' || 'extra_fields' in event) ended.push(event);
    }
    expect(ended).toMatchObject([{ response: { usage: expect.any(Object) }, extra_fields: { cost: COST } }]);
    expect(lines.filter(({ msg }) => msg === 'request')).toMatchObject([
      { costNanoUsd: COST.nano_usd },
      { costNanoUsd: COST.nano_usd },
      { costNanoUsd: COST.nano_usd },
    ]);
  });
});

describe('what operators see', () => {
  test('a line per request with its attempts, and the same in the metrics', async () => {
    const { openai, url, lines } = await demo(OPENAI_IS_OUT);
    const { response } = await openai.chat.completions
      .create({ model: MODEL, messages, fallbacks: [CLAUDE] } as never)
      .withResponse();
    const line = lines.find(({ msg }) => msg === 'request');
    expect(line).toMatchObject({
      id: response.headers.get('x-request-id'),
      requested: MODEL,
      served: CLAUDE,
      attempts: expect.arrayContaining([
        expect.objectContaining({ key: 'openai-1', outcome: 'rate_limited', status: 429 }),
        expect.objectContaining({ outcome: 'ok' }),
      ]),
    });
    expect(lines).toContainEqual(expect.objectContaining({ msg: 'key left', key: 'openai-1', kind: 'rate_limited' }));
    const metrics = await (await fetch(`${url}/metrics`)).text();
    expect(metrics).toMatch(
      /gateway_attempts_total\{provider="openai",model="gpt-4o-mini",key="openai-1",outcome="rate_limited"\} \d/,
    );
    expect(metrics).toMatch(/gateway_fallbacks_total\{.*\} 1\n/);
  });

  test('a line for what never became a request', async () => {
    const { url, lines } = await demo();
    await fetch(`${url}/v1/chat/completions`, { method: 'POST', body: '{' });
    expect(lines).toContainEqual(
      expect.objectContaining({ msg: 'refused', status: 400, code: 'invalid_json', path: '/v1/chat/completions' }),
    );
  });
});

test('no secret is ever told, whatever happens', async () => {
  const secrets = ['sk-first-0123456789abcdef', 'sk-second-0123456789abcdef', 'callers-secret-0123456789'];
  const simulator = createSimulator({
    providers: {
      openai: {
        keys: [
          { name: 'one', value: secrets[0] as string, state: 'invalid' },
          { name: 'two', value: secrets[1] as string },
        ],
      },
    },
    faults: [{ name: 'server_error_500', when: { provider: 'openai' } }],
  });
  const { url: simulated, close } = await simulator.listen();
  let told = '';
  const logger = pino({ level: 'trace' }, { write: (line) => void (told += line) });
  const keys = secrets.slice(0, 2).map((value, index) => ({ name: `key-${index}`, value }));
  const config = configFromObject(
    { providers: { openai: { baseURL: `${simulated}/openai/v1`, allowPrivateNetwork: true, keys } } },
    {},
  );
  const gateway = createGateway(config, { logger });
  onTestFinished(async () => {
    await gateway.close();
    await close();
  });
  const url = `http://127.0.0.1:${await gateway.listen(0, '127.0.0.1')}`;
  const ask = async (path: string, body?: unknown) => {
    const answer = await fetch(`${url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${secrets[2]}`, 'x-api-key': secrets[2] as string },
      body: body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body),
    });
    told += JSON.stringify([...answer.headers]) + (await answer.text());
    return answer.status;
  };
  const good = { model: MODEL, messages };
  expect(await ask('/v1/chat/completions', good)).toBeGreaterThanOrEqual(400);
  simulator.setFaults([]);
  expect(await ask('/v1/chat/completions', good)).toBe(200);
  await ask('/v1/chat/completions', { ...good, stream: true });
  await ask('/v1/messages', { ...good, max_tokens: 5 });
  await ask('/v1/chat/completions', '{');
  await ask('/v1/chat/completions', { ...good, model: 'nobody/x' });
  for (const path of ['/health', '/ready', '/metrics', '/v1/models', '/nothing']) await ask(path);
  await gateway.close();

  expect(told).toContain('"request"');
  for (const secret of secrets) {
    expect(told).not.toContain(secret);
    expect(told, 'nor the middle of one').not.toContain(secret.slice(4, 20));
  }
});

describe('the pools', () => {
  test('GET /admin/pools shows every lane with its room, and no secret', async () => {
    const { openai, url } = await demo();
    await openai.chat.completions.create({ model: MODEL, messages });
    const response = await fetch(`${url}/admin/pools`);
    const text = await response.text();
    expect(response.status).toBe(200);
    expect(text).not.toMatch(/sim-openai/);
    const { pools } = JSON.parse(text) as { pools: { pool: string; lanes: object[] }[] };
    const lanes = pools.find(({ pool }) => pool === 'openai')?.lanes;
    expect(lanes).toContainEqual(
      expect.objectContaining({
        key: 'openai-1',
        state: 'open',
        health: 'healthy',
        room: expect.arrayContaining([
          expect.objectContaining({ source: 'learned', dimension: 'requests', limit: 600, capacity: 50 }),
        ]),
      }),
    );
  });

  test('GET /admin/pipeline shows the layers with their options, and no secret', async () => {
    const { url } = await demo();
    const text = await (await fetch(`${url}/admin/pipeline`)).text();
    expect(text).not.toMatch(/sim-openai/);
    const { layers } = JSON.parse(text) as { layers: { name: string }[] };
    expect(layers).toHaveLength(15);
    expect(layers.find(({ name }) => name === 'backoff')).toMatchObject({ per: 'target', options: { maxAttempts: 8 } });
  });

  test('callers from elsewhere, behind a proxy on this machine, do not see them', async () => {
    const { url } = await demo();
    const response = await fetch(`${url}/admin/pools`, { headers: { 'x-forwarded-for': '203.0.113.7' } });
    expect(response.status).toBe(403);
  });

  test('GET /metrics has their gauges', async () => {
    const { openai, url } = await demo();
    await openai.chat.completions.create({ model: MODEL, messages });
    const text = await (await fetch(`${url}/metrics`)).text();
    expect(text).toMatch(
      /gateway_keypool_lane_room\S*\{[^}]*pool="openai",key="openai-1"[^}]*dimension="requests"[^}]*\} (?:0\.9\d+|1)\n/,
    );
    expect(text).toMatch(/gateway_keypool_waiting\{pool="openai"[^}]*\} 0/);
  });
});
