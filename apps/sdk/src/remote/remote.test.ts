import { PipelineError, type Handler, type HttpRequest, type HttpResponse } from '@x/core';
import { VirtualClock } from '@x/core/testing';
import OpenAI from 'openai';
import { describe, expect, it, test } from 'vitest';
import { createClient, type GatewayAddress } from '../index.ts';

type Reply = { status?: number; headers?: Record<string, string>; body?: string } | Error | 'hang';

const ANSWER = {
  id: 'c1',
  object: 'chat.completion',
  model: 'gpt-4o-mini',
  choices: [{ index: 0, message: { role: 'assistant', content: 'Hello there' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 2, completion_tokens: 3, total_tokens: 5 },
  extra_fields: {
    attempts: [{ provider: 'openai', model: 'gpt-4o-mini', outcome: 'ok', status: 200, duration_ms: 4 }],
  },
};
const SERVED = { 'x-gateway-provider': 'openai', 'x-gateway-model': 'gpt-4o-mini', 'x-gateway-attempts': '1' };
const OK: Reply = { headers: SERVED, body: JSON.stringify(ANSWER) };
const HINT = { ...SERVED, 'x-gateway-error': 'pool_exhausted', 'retry-after-ms': '1500' };
const FULL: Reply = { status: 429, headers: HINT, body: '{"error":{"message":"no room","param":null}}' };
const FINAL: Reply = {
  status: 502,
  headers: { ...SERVED, 'x-gateway-error': 'server_error', 'x-should-retry': 'false' },
};
const ASK = { model: 'openai/gpt-4o-mini', messages: [{ role: 'user' as const, content: 'Hi' }] };

/** A gateway that answers by heart, in virtual time. The last reply is given again and again. */
function bench(replies: readonly Reply[], address: Partial<GatewayAddress> = {}) {
  const clock = new VirtualClock();
  const requests: HttpRequest[] = [];
  const transport: Handler<HttpRequest, HttpResponse> = async (request, { signal, clock: { sleep } }) => {
    const reply = replies[Math.min(requests.length, replies.length - 1)];
    requests.push(request);
    if (reply === 'hang') await sleep(1e9, signal);
    if (reply instanceof Error) throw reply;
    const { status = 200, headers = {}, body = '' } = reply as Exclude<Reply, Error | 'hang'>;
    return { status, headers, body: bytesOf(body) };
  };
  const client = createClient({ baseURL: 'http://gateway', key: 'sk-caller', ...address }, { transport, clock });
  return { clock, requests, client };
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode(text);
}

const reset = new PipelineError('network', 'reset', { code: 'connection_reset' });

describe('a call', () => {
  it('reaches the gateway with its key and its time, and gives what it says', async () => {
    const { client, clock, requests } = bench([OK]);
    const answer = await clock.run(() => client.chat({ ...ASK, fallbacks: ['a/b'] }, { timeoutMs: 5_000 }));
    expect(answer).toMatchObject({
      text: 'Hello there',
      provider: 'openai',
      model: 'gpt-4o-mini',
      attempts: 1,
      trail: [{ provider: 'openai', outcome: 'ok', durationMs: 4 }],
      usage: { inputTokens: 2, outputTokens: 3 },
    });
    expect(requests[0]).toMatchObject({
      method: 'POST',
      url: 'http://gateway/v1/chat/completions',
      headers: { authorization: 'Bearer sk-caller', 'x-gateway-timeout-ms': '5000' },
    });
    const sent = JSON.parse(new TextDecoder().decode(requests[0]?.body as Uint8Array)) as unknown;
    expect(sent).toMatchObject({ model: 'openai/gpt-4o-mini', fallbacks: ['a/b'] });
  });

  it('comes back when the gateway said, with the time that is left', async () => {
    const { client, clock, requests } = bench([FULL, OK]);
    const began = clock.now();
    expect(await clock.run(() => client.chat(ASK, { timeoutMs: 60_000 }))).toMatchObject({ text: 'Hello there' });
    const waited = clock.now() - began;
    expect(waited).toBeGreaterThanOrEqual(1_500);
    expect(waited).toBeLessThanOrEqual(1_750);
    expect(requests.map(({ headers }) => headers?.['x-stainless-retry-count'])).toEqual([undefined, '1']);
    const left = Number(requests[1]?.headers?.['x-gateway-timeout-ms']);
    expect(60_000 - left).toBeGreaterThanOrEqual(1_500);
  });

  test.each<[string, Reply]>([
    ['has said that it is in vain', FINAL],
    [
      'has no time to name, since it has retried by itself',
      { status: 502, headers: { ...SERVED, 'x-gateway-error': 'server_error' } },
    ],
    ['names a time too far off', { ...FULL, headers: { ...HINT, 'retry-after-ms': '30000' } }],
    ['found the request wrong', { status: 400, headers: { ...SERVED, 'x-gateway-error': 'invalid_request' } }],
  ])('is not repeated when the gateway %s', async (_name, reply) => {
    const { client, clock, requests } = bench([reply]);
    await expect(clock.run(() => client.chat(ASK))).rejects.toBeInstanceOf(PipelineError);
    expect(requests).toHaveLength(1);
    expect(clock.now()).toBe(new VirtualClock().now());
  });

  test.each<[string, Reply, string]>([
    ['the gateway cannot be reached', reset, 'network'],
    ['something before the gateway says 503', { status: 503, body: '<html>' }, 'overloaded'],
  ])('is made three times at most when %s', async (_name, reply, kind) => {
    const { client, clock, requests } = bench([reply]);
    const began = clock.now();
    await expect(clock.run(() => client.chat(ASK))).rejects.toMatchObject({ kind });
    expect(requests).toHaveLength(3);
    expect(clock.now() - began).toBeLessThanOrEqual(750);
  });

  it('is made once where retrying is turned off', async () => {
    const { client, clock, requests } = bench([reset], { retry: false });
    await expect(clock.run(() => client.chat(ASK))).rejects.toMatchObject({
      kind: 'network',
      code: 'connection_reset',
    });
    expect(requests).toHaveLength(1);
  });

  it('does not multiply the traffic of an outage', async () => {
    const { client, clock, requests } = bench([reset]);
    for (let count = 0; count < 200; count += 1) {
      await clock.run(() => client.chat(ASK)).catch(() => undefined);
    }
    // 10 to begin with, and one for ten requests.
    expect(requests.length).toBeLessThanOrEqual(200 + 10 + 20);
  });

  it('has the gateway’s failure as it was there', async () => {
    const error = {
      message: 'must be a list',
      type: 'invalid_request_error',
      param: 'messages',
      code: 'invalid_field',
    };
    const { client, clock } = bench([
      {
        status: 400,
        headers: { ...SERVED, 'x-gateway-error': 'invalid_request', 'x-gateway-error-code': 'invalid_field' },
        body: JSON.stringify({ error }),
      },
    ]);
    await expect(clock.run(() => client.chat(ASK))).rejects.toMatchObject({
      kind: 'invalid_request',
      code: 'invalid_field',
      param: 'messages',
      message: 'must be a list',
      target: { provider: 'openai', model: 'gpt-4o-mini' },
    });
  });

  it('is not waited for beyond its own time', async () => {
    const { client, clock, requests } = bench([FULL]);
    const call = clock.run(() => client.chat(ASK, { timeoutMs: 1_000 }));
    await expect(call).rejects.toMatchObject({ kind: 'pool_exhausted', retryAfterMs: 1_500 });
    expect(requests).toHaveLength(1);
  });

  it('ends in time, and when its caller leaves', async () => {
    const { client, clock } = bench(['hang']);
    await expect(clock.run(() => client.chat(ASK, { timeoutMs: 2_000 }))).rejects.toMatchObject({
      kind: 'timeout',
      code: 'deadline_exceeded',
    });
    const controller = new AbortController();
    const call = client.chat(ASK, { signal: controller.signal });
    controller.abort();
    await expect(call).rejects.toMatchObject({ kind: 'cancelled' });
  });

  test.each([
    ['is no JSON', { headers: SERVED, body: '<html>' }],
    ['is no gateway’s', { body: JSON.stringify(ANSWER) }],
  ])('rejects for an answer that %s', async (_name, reply) => {
    const { client, clock } = bench([reply]);
    await expect(clock.run(() => client.chat(ASK))).rejects.toMatchObject({ code: 'invalid_answer' });
  });
});

describe('a stream', () => {
  const chunk = (delta: object, finish: string | null = null) =>
    `data: ${JSON.stringify({ id: 'c1', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
  const HEADERS = { ...SERVED, 'x-gateway-attempts': '4', 'content-type': 'text/event-stream' };
  const begun = chunk({ role: 'assistant', content: 'Hello' }) + chunk({ content: ' there' });

  it('comes with who answered', async () => {
    const body = `${begun}${chunk({}, 'stop')}data: [DONE]\n\n`;
    const { client, clock, requests } = bench([{ headers: HEADERS, body }]);
    const answer = await clock.run(async () => (await client.stream(ASK)).collect());
    expect(answer).toMatchObject({ text: 'Hello there', attempts: 4, provider: 'openai', finishReason: 'stop' });
    const sent = JSON.parse(new TextDecoder().decode(requests[0]?.body as Uint8Array)) as unknown;
    expect(sent).toMatchObject({ stream: true, stream_options: { include_usage: true } });
  });

  it.each([
    ['ends without an end', begun, {}],
    [
      'says why',
      `${begun}data: {"error":{"message":"fell silent","code":"idle_timeout"}}\n\n`,
      { code: 'idle_timeout' },
    ],
  ])('that %s is broken, after what had come', async (_name, body, expected) => {
    const { client, clock, requests } = bench([{ headers: HEADERS, body }]);
    let text = '';
    const reading = clock.run(async () => {
      for await (const part of await client.stream(ASK)) if (part.type === 'text') text += part.text;
    });
    await expect(reading).rejects.toMatchObject({ kind: 'stream_broken', ...expected });
    expect(text).toBe('Hello there');
    expect(requests).toHaveLength(1);
  });
});

describe('the fetch for a vendor’s SDK', () => {
  it('replaces base URL and key, and leaves no retries to the SDK', async () => {
    const { client, clock, requests } = bench([FULL]);
    const openai = new OpenAI({ fetch: client.fetch, apiKey: 'not-this-one' });
    const call = clock.run(() => openai.chat.completions.create(ASK));
    await expect(call).rejects.toMatchObject({ status: 429, message: '429 no room' });
    expect(requests).toHaveLength(3);
    expect(requests[0]).toMatchObject({
      url: 'http://gateway/v1/chat/completions',
      headers: { authorization: 'Bearer sk-caller' },
    });
  });

  it.each([
    ['https://api.openai.com/v1/models', 'GET', '/v1/models'],
    ['https://api.anthropic.com/v1/messages', 'POST', '/anthropic/v1/messages'],
    [
      'https://g.test/v1beta/models/gemini-3:generateContent?alt=sse',
      'POST',
      '/gemini/v1beta/models/gemini-3:generateContent?alt=sse',
    ],
    ['https://b.test/model/a%2Fb/converse', 'POST', '/bedrock/model/a%2Fb/converse'],
  ])('sends %s to where the gateway serves it', async (url, method, path) => {
    const { client, requests } = bench([OK]);
    const response = await client.fetch(url, { method, headers: { 'x-goog-api-key': 'vendor' } });
    expect(await response.json()).toEqual(ANSWER);
    expect(requests[0]?.url).toBe(`http://gateway${path}`);
    expect(requests[0]?.headers).not.toHaveProperty('x-goog-api-key');
  });

  it('tells a gateway that cannot be reached in the vendor’s own shape', async () => {
    const { client, clock } = bench([reset]);
    const response = await clock.run(() => client.fetch('https://a.test/v1/messages', { method: 'POST', body: '{}' }));
    expect([response.status, response.headers.get('x-should-retry')]).toEqual([502, 'false']);
    expect(await response.json()).toMatchObject({ type: 'error' });
  });

  it('rejects as the platform’s does when its caller leaves', async () => {
    const { client } = bench(['hang']);
    const controller = new AbortController();
    const call = client.fetch('https://a.test/v1/models', { signal: controller.signal });
    controller.abort();
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('an address', () => {
  it.each([
    [{ baseURL: 'gateway' }, /baseURL/],
    [{ baseURL: 'ftp://gateway' }, /baseURL/],
    [{ baseURL: 'http://me:secret@gateway' }, /password/],
    [{ baseURL: 'http://gateway', key: 'two words' }, /key/],
    [{ baseURL: 'http://gateway', key: 'env.NOT_THERE' }, /NOT_THERE/],
    [{ baseURL: 'http://gateway', timeoutMs: -1 }, /timeoutMs/],
    [{ baseURL: 'http://gateway', retry: { maxAttempts: 0 } }, /maxAttempts/],
    [{ baseURL: 'http://gateway', providers: {} }, /providers/],
  ])('that is wrong is refused by name: %j', (address, message) => {
    expect(() => createClient(address as GatewayAddress, { env: {} })).toThrow(message);
  });

  it('may be in the environment, with a version at its end', async () => {
    const env = { GATEWAY: 'http://gateway/base/v1/', KEY: 'sk' };
    const client = createClient({ baseURL: 'env.GATEWAY', key: 'env.KEY' }, { env });
    expect(client.describe()[0]).toBe('gateway http://gateway/base, with a key');
    await client.close();
  });
});
