import { anthropic, openai, providers } from '@x/providers';
import { createSimulator, type FaultRule } from '@x/simulator';
import { describe, expect, test } from 'vitest';
import { gateway } from '../../test/support/gateway.ts';

/** The data plane in front of two simulated providers. */
async function served(faults: readonly FaultRule[] = []) {
  const { transport } = createSimulator({ providers: { openai: {}, anthropic: {} }, faults });
  const credential = 'any';
  const handler = providers({
    openai: openai({ baseURL: 'http://simulator/openai/v1', transport, credential }),
    anthropic: anthropic({ baseURL: 'http://simulator/anthropic/v1', transport, credential }),
  });
  const { port } = await gateway(handler, { defaultProviders: { 'openai.responses': 'openai' } });
  return async (body: object, method = 'POST') => {
    const response = await fetch(`http://127.0.0.1:${port}/v1/responses`, {
      method,
      ...(method === 'POST' && { body: JSON.stringify({ input: 'Hello', ...body }) }),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
}

describe.each(['gpt-4o-mini', 'anthropic/claude-sonnet-4-5'])('%s', (model) => {
  test('is answered in one piece, with what we have to add', async () => {
    const { status, headers, text } = await (await served())({ model });
    expect(status).toBe(200);
    expect(headers.get('x-gateway-provider')).toBe(model.includes('/') ? 'anthropic' : 'openai');
    expect(JSON.parse(text)).toMatchObject({ object: 'response', extra_fields: { provider: expect.any(String) } });
  });

  test('tells a break as the next event by number, and no end', async () => {
    const ask = await served([{ name: 'cut_stream', afterEvents: 2 }]);
    const { text } = await ask({ model, stream: true });
    const numbers = [...text.matchAll(/^data: .*?"sequence_number":(\d+)/gm)].map(([, number]) => Number(number));
    expect(numbers.length).toBeGreaterThan(5);
    expect(numbers).toEqual(numbers.map((_number, index) => index));
    expect(text).toMatch(/\n\nevent: error\ndata: \{"type":"error",[^\n]*"code":"stream_broken"[^\n]*\}\n\n$/);
    expect(text).not.toContain('response.completed');
  });

  test.each<[FaultRule, number]>([
    [{ name: 'rate_limit_seconds' }, 429],
    [{ name: 'error_event_first', error: 'overloaded' }, 503],
  ])('%j before any content is an ordinary error of OpenAI’s shape', async (fault, status) => {
    const answer = await (await served([fault]))({ model, stream: true });
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.text)).toEqual({
      error: { message: expect.any(String), type: expect.any(String), param: null, code: expect.any(String) },
    });
  });
});

test('another method, and a body that is none', async () => {
  const ask = await served();
  expect((await ask({}, 'GET')).status).toBe(405);
  const { status, text } = await ask({ model: 'anthropic/m', input: 5 });
  expect(status).toBe(400);
  expect(JSON.parse(text)).toMatchObject({ error: { param: 'input', type: 'invalid_request_error' } });
});
