import { describe, expect, test } from 'vitest';
import { PipelineError, TRAIL, WAIT_UNTIL, type Context, type LlmRequest, type LlmResponse } from '@x/core';
import { chatCompletion, scripted, VirtualClock } from '@x/core/testing';
import { gateway } from '../../test/support/gateway.ts';
import { get, post } from '../../test/support/raw-client.ts';

const CHAT = '/v1/chat/completions';
const BODY = '{"model":"openai/gpt-4o-mini","messages":[],"big":12345678901234567890}';

describe('whole answers', () => {
  test('the handler gets what the caller sent, and the caller what it answered', async () => {
    const handler = scripted<LlmRequest, LlmResponse>(chatCompletion({ target: 'anthropic/claude', text: 'Hi' }));
    const { client } = await gateway(handler);
    const response = await client()
      .send(post(CHAT, BODY, { 'x-mine': 'yes' }))
      .response();

    const call = handler.calls[0];
    expect(call?.request).toMatchObject({
      dialect: 'openai.chat',
      target: { provider: 'openai', model: 'gpt-4o-mini' },
      stream: false,
    });
    expect(call?.request.headers['x-mine']).toBe('yes');
    expect(Buffer.from(call?.request.body.bytes ?? []).toString()).toBe(BODY);
    expect(response).toMatchObject({
      status: 200,
      headers: { 'x-gateway-provider': 'anthropic', 'x-gateway-model': 'claude', 'x-gateway-attempts': '0' },
    });
    expect(response.headers['x-request-id']).toBe(call?.context.id);
    expect(JSON.parse(response.body)).toMatchObject({
      choices: [{ message: { content: 'Hi' } }],
      extra_fields: { provider: 'anthropic', model: 'claude', attempts: [] },
    });
  });

  test('extra_fields tells every attempt, by the names of keys', async () => {
    const handler = async (_: LlmRequest, context: Context) => {
      const target = { provider: 'openai', model: 'gpt-4o-mini' };
      const startedAt = context.clock.now();
      const trail = context.get(TRAIL);
      trail?.attempts.push({ target, key: 'one', outcome: 'rate_limited', status: 429, startedAt, durationMs: 1.26 });
      trail?.attempts.push({ target, key: undefined, outcome: 'ok', status: 200, startedAt, durationMs: 2 });
      return chatCompletion();
    };
    const { client } = await gateway(handler);
    const { body, headers } = await client().send(post(CHAT, BODY)).response();
    expect(headers['x-gateway-attempts']).toBe('2');
    expect((JSON.parse(body) as { extra_fields: unknown }).extra_fields).toMatchObject({
      latency_ms: expect.any(Number),
      request_id: headers['x-request-id'],
      attempts: [
        {
          provider: 'openai',
          model: 'gpt-4o-mini',
          key: 'one',
          outcome: 'rate_limited',
          status: 429,
          duration_ms: 1.3,
        },
        { provider: 'openai', model: 'gpt-4o-mini', outcome: 'ok', status: 200, duration_ms: 2 },
      ],
    });
  });

  test('the Anthropic paths speak Anthropic and keep the body as it is', async () => {
    const answer = { ...chatCompletion({ target: 'anthropic/claude' }), dialect: 'anthropic.messages' } as const;
    const handler = scripted<LlmRequest, LlmResponse>(answer);
    const { client } = await gateway(handler);
    for (const path of ['/v1/messages', '/anthropic/v1/messages?beta=true']) {
      const { body, headers } = await client().send(post(path, BODY)).response();
      expect(body).toBe(Buffer.from(answer.body.bytes).toString());
      expect(headers['x-gateway-provider']).toBe('anthropic');
    }
    expect(handler.calls.map(({ request }) => request.dialect)).toEqual(['anthropic.messages', 'anthropic.messages']);
  });

  test('no content-type, a chunked body and an absolute request line are fine', async () => {
    const { client } = await gateway(scripted<LlmRequest, LlmResponse>(chatCompletion()));
    const chunked = `POST http://gateway${CHAT}?a=b HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n`;
    const half = BODY.length >> 1;
    const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
    const { status } = await client()
      .send(chunked + chunk(BODY.slice(0, half)) + chunk(BODY.slice(half)) + chunk(''))
      .response();
    expect(status).toBe(200);
  });

  test('a failure carries its attempts and who failed', async () => {
    const target = { provider: 'openai', model: 'gpt-4o-mini' };
    const handler = scripted<LlmRequest, LlmResponse>(new PipelineError('invalid_request', 'no', { target }));
    const { client, refused } = await gateway(handler);
    const { status, headers } = await client().send(post(CHAT, BODY)).response();
    expect({ status, ...headers }).toMatchObject({
      status: 400,
      'x-gateway-provider': 'openai',
      'x-gateway-attempts': '0',
    });
    expect(refused, 'the pipeline records its own failures').toEqual([]);
  });
});

describe('deadlines', () => {
  const blocked = (clock: VirtualClock) => {
    const deadlines: (number | undefined)[] = [];
    const handler = async (_: LlmRequest, context: Context): Promise<LlmResponse> => {
      deadlines.push(context.deadline === undefined ? undefined : context.deadline - clock.now());
      await clock.sleep(1_000_000, context.signal);
      return chatCompletion();
    };
    return { handler, deadlines };
  };

  test.for([
    [undefined, 60_000],
    ['1500', 1_500],
    ['90000', 60_000],
    ['90000', 90_000, { maxTimeoutMs: 120_000 }],
    ['130000', 120_000, { maxTimeoutMs: 120_000 }],
  ] as const)('x-gateway-timeout-ms of %s gives %i ms', async ([header, expected, more = {}]) => {
    const clock = new VirtualClock();
    const { handler, deadlines } = blocked(clock);
    const { client } = await gateway(handler, { clock, limits: { timeoutMs: 60_000, ...more } });
    const call = client().send(post(CHAT, BODY, header ? { 'x-gateway-timeout-ms': header } : {}));
    const response = call.response();
    while (deadlines.length === 0) await new Promise((resolve) => setImmediate(resolve));
    expect(deadlines).toEqual([expected]);
    await clock.advance(expected);
    expect((await response).body).toContain('deadline_exceeded');
  });

  test('a client that gives up by itself has its whole answer before that; a stream only has to begin by then', async () => {
    const clock = new VirtualClock();
    const seen: { deadline: number; waitUntil: number }[] = [];
    const { client } = await gateway(
      async (_, context) => {
        const from = clock.now();
        seen.push({ deadline: (context.deadline ?? 0) - from, waitUntil: (context.get(WAIT_UNTIL) ?? from) - from });
        return chatCompletion();
      },
      { clock, limits: { timeoutMs: 60_000 } },
    );
    const stream = '{"model":"openai/gpt-4o-mini","messages":[],"stream":true}';
    for (const [body, headers] of [
      [BODY, { 'x-stainless-timeout': '30' }],
      [stream, { 'x-stainless-timeout': '30' }],
      [BODY, { 'x-stainless-timeout': '600' }],
      [BODY, { 'x-stainless-timeout': 'soon' }],
      [BODY, { 'x-stainless-timeout': '30', 'x-gateway-timeout-ms': '1500' }],
    ] as const) {
      await client()
        .send(post(CHAT, body, headers))
        .response();
    }
    expect(seen).toEqual([
      { deadline: 29_000, waitUntil: 0 },
      { deadline: 60_000, waitUntil: 29_000 },
      { deadline: 60_000, waitUntil: 0 },
      { deadline: 60_000, waitUntil: 0 },
      { deadline: 1_500, waitUntil: 0 },
    ]);
  });
});

describe('pages', () => {
  test('models, health, readiness and metrics', async () => {
    const { client } = await gateway(scripted<LlmRequest, LlmResponse>(chatCompletion()), {
      models: () => [{ id: 'openai/gpt-4o-mini', provider: 'openai', targets: [] }],
      health: { simulator: 'http://localhost:8090' },
      metrics: async () => '# TYPE a counter\n',
    });
    const page = async (path: string) => client().send(get(path)).response();
    expect(JSON.parse((await page('/v1/models')).body)).toEqual({
      object: 'list',
      data: [{ id: 'openai/gpt-4o-mini', object: 'model', created: 0, owned_by: 'openai' }],
    });
    expect(JSON.parse((await page('/health')).body)).toEqual({ status: 'ok', simulator: 'http://localhost:8090' });
    expect(await page('/ready')).toMatchObject({ status: 200, body: '{"status":"ready"}' });
    expect(await page('/metrics')).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' },
    });
  });

  test('metrics that cannot be collected are an error, not an empty page', async () => {
    const { client } = await gateway(scripted<LlmRequest, LlmResponse>(chatCompletion()), {
      metrics: async () => Promise.reject(new Error('no')),
    });
    expect((await client().send(get('/metrics')).response()).status).toBe(500);
  });

  test('without metrics there is no such page', async () => {
    const { client } = await gateway(scripted<LlmRequest, LlmResponse>(chatCompletion()));
    expect((await client().send(get('/metrics')).response()).status).toBe(404);
  });
});

describe('limits', () => {
  test.for([
    [{ maxBodyBytes: 0 }, 'maxBodyBytes must be a whole number of at least 1, got 0'],
    [{ timeoutMs: Number.NaN }, 'timeoutMs must be a whole number of at least 1, got NaN'],
    [{ drainMs: -1 }, 'drainMs must be a whole number of at least 0, got -1'],
    [{ headersTimeoutMs: 5, uploadTimeoutMs: 4 }, 'uploadTimeoutMs must be at least headersTimeoutMs, got 4 and 5'],
  ] as const)('%o are refused', async ([limits, message]) => {
    await expect(gateway(scripted<LlmRequest, LlmResponse>(chatCompletion()), { limits })).rejects.toThrow(message);
  });
});
