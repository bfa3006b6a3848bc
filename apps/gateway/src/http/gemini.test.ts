import { describe, expect, test } from 'vitest';
import { PipelineError, type Handler, type LlmRequest, type LlmResponse } from '@x/core';
import { gemini, openai, providers } from '@x/providers';
import { createSimulator, type FaultRule } from '@x/simulator';
import { gateway } from '../../test/support/gateway.ts';

const BODY = { contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] };

/** The data plane in front of two simulated providers. */
async function served(faults: readonly FaultRule[] = []) {
  const { transport } = createSimulator({ providers: { gemini: {}, openai: {} }, faults });
  const credential = 'any';
  const seen: LlmRequest[] = [];
  const handler = providers({
    gemini: gemini({ baseURL: 'http://simulator/gemini/v1beta', transport, credential }),
    openai: openai({ baseURL: 'http://simulator/openai/v1', transport, credential }),
  });
  const watched: Handler<LlmRequest, LlmResponse> = (request, context) => {
    seen.push(request);
    return handler(request, context);
  };
  const { port } = await gateway(watched, { defaultProviders: { 'gemini.generate': 'gemini' } });
  const ask = async (path: string, body: unknown = BODY, method = 'POST') => {
    const response = await fetch(`http://127.0.0.1:${port}/gemini${path}`, {
      method,
      headers: { 'x-goog-api-key': 'anything' },
      ...(method === 'POST' && { body: JSON.stringify(body) }),
    });
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      headers: response.headers,
      text: await response.text(),
    };
  };
  return { ask, seen };
}

describe('the model stands in the path', () => {
  test.each([
    ['/v1beta/models/gemini-2.5-flash:generateContent', 'gemini', 'gemini-2.5-flash'],
    ['/v1/models/gemini-2.5-flash:generateContent?key=AIza', 'gemini', 'gemini-2.5-flash'],
    ['/v1beta/models/gemini/gemini-2.5-flash:generateContent', 'gemini', 'gemini-2.5-flash'],
    ['/v1beta/models/openai/gpt-4o-mini:generateContent', 'openai', 'gpt-4o-mini'],
    ['/v1beta/models/openai%2Fgpt-4o-mini:generateContent?alt=json', 'openai', 'gpt-4o-mini'],
  ])('%s', async (path, provider, model) => {
    const { ask, seen } = await served();
    const { status, text, headers } = await ask(path);
    expect(status).toBe(200);
    expect(seen[0]).toMatchObject({ target: { provider, model }, stream: false, dialect: 'gemini.generate' });
    expect(headers.get('x-gateway-provider')).toBe(provider);
    expect(JSON.parse(text)).toMatchObject({ candidates: [{ content: { role: 'model' }, finishReason: 'STOP' }] });
  });
});

describe.each(['gemini/gemini-2.5-flash', 'openai/gpt-4o-mini'])('a stream of %s', (model) => {
  const path = `/v1beta/models/${model}:streamGenerateContent`;

  test('as server-sent events', async () => {
    const { type, text } = await (await served()).ask(`${path}?alt=sse&key=AIza`);
    expect(type).toBe('text/event-stream');
    const events = text.trimEnd().split('\n\n');
    for (const event of events) expect(() => JSON.parse(event.replace(/^data: /, '')) as unknown).not.toThrow();
    expect(events.at(-1)).toContain('"finishReason":"STOP"');
    expect(text).not.toContain('[DONE]');
  });

  test('as one list, where the caller does not ask for events', async () => {
    const { type, text } = await (await served()).ask(path);
    expect(type).toBe('application/json');
    const chunks = JSON.parse(text) as { candidates: [{ finishReason?: string }] }[];
    expect(chunks.length).toBeGreaterThan(2);
    expect(chunks.at(-1)?.candidates[0].finishReason).toBe('STOP');
  });

  test('a break is told in either framing, and no end is', async () => {
    const fault: FaultRule = { name: 'cut_stream', afterEvents: 2 };
    const list = await (await served([fault])).ask(path);
    expect((JSON.parse(list.text) as object[]).at(-1)).toMatchObject({ error: { status: 'ABORTED' } });
    const events = await (await served([fault])).ask(`${path}?alt=sse`);
    expect(events.text).toMatch(/data: \{"error":[^\n]*\}\n\n$/);
    expect(events.text).not.toContain('finishReason');
  });
});

describe('errors have Google’s shape', () => {
  test.each([
    ['/v1beta/models/m:generateAnswer', BODY, 404],
    ['/v1beta/models', BODY, 404],
    ['/v1beta/models/%zz:generateContent', BODY, 400],
    ['/v1beta/models/nobody/m:generateContent', BODY, 400],
    ['/v1beta/models/openai/m:generateContent', { contents: 'Hi' }, 400],
  ])('%s, %j: %d', async (path, body, status) => {
    const { ask } = await served();
    const answer = await ask(path, body);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toMatchObject({
      error: { code: status, status: status === 404 ? 'NOT_FOUND' : 'INVALID_ARGUMENT', message: expect.any(String) },
    });
  });

  test('another method', async () => {
    const { status, text } = await (await served()).ask('/v1beta/models/m:generateContent', BODY, 'GET');
    expect(status).toBe(405);
    expect(text).toContain('"error"');
  });

  test('a rate limit, with when to come back', async () => {
    const reject: Handler<LlmRequest, LlmResponse> = () =>
      Promise.reject(new PipelineError('rate_limited', 'slow down', { retryAfterMs: 2_000 }));
    const { port } = await gateway(reject, { defaultProviders: { 'gemini.generate': 'gemini' } });
    const response = await fetch(`http://127.0.0.1:${port}/gemini/v1beta/models/m:generateContent`, {
      method: 'POST',
      body: JSON.stringify(BODY),
    });
    expect(response.status).toBe(429);
    expect(response.headers.get('retry-after')).toBe('2');
    expect(await response.text()).toContain('"retryDelay":"2s"');
  });
});
