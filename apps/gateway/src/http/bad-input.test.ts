import { describe, expect, test } from 'vitest';
import { chatCompletion, scripted } from '@x/core/testing';
import { PipelineError, type LlmRequest, type LlmResponse } from '@x/core';
import { eventually, gateway } from '../../test/support/gateway.ts';
import { get, post } from '../../test/support/raw-client.ts';

const CHAT = '/v1/chat/completions';
const GOOD = JSON.stringify({ model: 'openai/gpt-4o-mini', messages: [] });
const LIMITS = { maxBodyBytes: 1_000, maxHeaderBytes: 4_096 };

interface Case {
  readonly name: string;
  readonly bytes: string;
  readonly status: number;
  readonly code: string;
  readonly param?: string;
  /** What the message must mention. */
  readonly says?: string;
}

const chat = (body: unknown) => post(CHAT, typeof body === 'string' ? body : JSON.stringify(body));
const withModel = (model: unknown) => chat({ model, messages: [] });
const withFallbacks = (fallbacks: unknown) => chat({ model: 'openai/gpt-4o-mini', messages: [], fallbacks });

const CASES: readonly Case[] = [
  {
    name: 'malformed JSON',
    bytes: chat('{"model": "a/b",'),
    status: 400,
    code: 'invalid_json',
    says: 'not valid JSON',
  },
  { name: 'an empty body', bytes: chat(''), status: 400, code: 'invalid_json', says: 'empty' },
  { name: 'no body at all', bytes: `POST ${CHAT} HTTP/1.1\r\nhost: x\r\n\r\n`, status: 400, code: 'invalid_json' },
  { name: 'a JSON list', bytes: chat([1]), status: 400, code: 'invalid_json', says: 'object' },
  { name: 'JSON null', bytes: chat('null'), status: 400, code: 'invalid_json', says: 'object' },
  { name: 'a body in another encoding of text', bytes: chat('\u0000{\u0000}'), status: 400, code: 'invalid_json' },
  { name: 'no model', bytes: chat({ messages: [] }), status: 400, code: 'invalid_target', param: 'model' },
  {
    name: 'a model without a provider',
    bytes: withModel('gpt-4o'),
    status: 400,
    code: 'invalid_target',
    param: 'model',
    says: '"gpt-4o"',
  },
  {
    name: 'a model that is a number',
    bytes: withModel(4),
    status: 400,
    code: 'invalid_target',
    param: 'model',
    says: '4',
  },
  {
    name: 'a provider without a model',
    bytes: withModel('openai/'),
    status: 400,
    code: 'invalid_target',
    param: 'model',
  },
  {
    name: 'stream as text',
    bytes: chat({ model: 'a/b', stream: 'yes' }),
    status: 400,
    code: 'invalid_field',
    param: 'stream',
  },
  {
    name: 'fallbacks that are no list',
    bytes: withFallbacks('anthropic/claude'),
    status: 400,
    code: 'invalid_field',
    param: 'fallbacks',
  },
  {
    name: 'a fallback that is no target',
    bytes: withFallbacks(['a/b', 'claude']),
    status: 400,
    code: 'invalid_target',
    param: 'fallbacks[1]',
  },
  {
    name: 'a fallback that is null',
    bytes: withFallbacks([null]),
    status: 400,
    code: 'invalid_target',
    param: 'fallbacks[0]',
  },
  {
    name: 'a body that says it is too large',
    bytes: post(CHAT, '', { 'content-length': '1001' }),
    status: 413,
    code: 'body_too_large',
    says: '1000 bytes',
  },
  {
    name: 'a body that turns out too large',
    bytes: `POST ${CHAT} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n7d0\r\n${'x'.repeat(2_000)}\r\n`,
    status: 413,
    code: 'body_too_large',
  },
  {
    name: 'a compressed body',
    bytes: post(CHAT, GOOD, { 'content-encoding': 'gzip' }),
    status: 415,
    code: 'unsupported_encoding',
    param: 'content-encoding',
    says: 'gzip',
  },
  {
    name: 'a time limit that is no number',
    bytes: post(CHAT, GOOD, { 'x-gateway-timeout-ms': 'soon' }),
    status: 400,
    code: 'invalid_field',
    param: 'x-gateway-timeout-ms',
  },
  {
    name: 'a time limit of nothing',
    bytes: post(CHAT, GOOD, { 'x-gateway-timeout-ms': '0' }),
    status: 400,
    code: 'invalid_field',
    param: 'x-gateway-timeout-ms',
  },
  { name: 'an unknown path', bytes: get('/v1/chat'), status: 404, code: 'not_found', says: '/v1/chat' },
  { name: 'a path in another case', bytes: get('/V1/models'), status: 404, code: 'not_found' },
  { name: 'the wrong method', bytes: get(CHAT), status: 405, code: 'method_not_allowed', says: 'POST' },
  {
    name: 'a body sent to a page',
    bytes: post('/health', GOOD),
    status: 405,
    code: 'method_not_allowed',
    says: 'GET, HEAD',
  },
  {
    name: 'an expectation that cannot be met',
    bytes: post(CHAT, '', { expect: 'a-pony' }),
    status: 417,
    code: 'expectation_failed',
    param: 'expect',
  },
  {
    name: 'headers that are too large',
    bytes: post(CHAT, GOOD, { 'x-large': 'x'.repeat(8_000) }),
    status: 431,
    code: 'headers_too_large',
  },
  {
    name: 'a chunk without a size',
    bytes: `POST ${CHAT} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nwhat\r\n`,
    status: 400,
    code: 'bad_http',
  },
  { name: 'bytes that are not HTTP', bytes: '\u0016\u0003\u0001\u0002hello\r\n\r\n', status: 400, code: 'bad_http' },
  {
    name: 'a content-length that is no number',
    bytes: post(CHAT, '', { 'content-length': 'ten' }),
    status: 400,
    code: 'bad_http',
  },
  {
    name: 'two lengths at once',
    bytes: post(CHAT, GOOD, { 'transfer-encoding': 'chunked' }),
    status: 400,
    code: 'bad_http',
  },
];

describe('bad input is answered with a clear error and leaves nothing behind', () => {
  test.for(CASES)('$name', async ({ bytes, status, code, param, says }) => {
    const handler = scripted<LlmRequest, LlmResponse>(chatCompletion());
    const { client, server } = await gateway(handler, { limits: LIMITS });
    const caller = client();
    const response = await caller.send(bytes).response();
    const { error } = JSON.parse(response.body) as { error: { message: string; code: string; param: string | null } };

    expect({ status: response.status, code: error.code, param: error.param }).toEqual({
      status,
      code,
      param: param ?? null,
    });
    expect(error.message).toContain(says ?? '');
    expect(response.headers['content-type']).toBe('application/json');
    expect(handler.calls).toEqual([]);
    caller.leave();
    await eventually(() => server.inFlight === 0);
    expect((await client().send(post(CHAT, GOOD)).response()).status, 'the next request').toBe(200);
  });

  test('errors on the Anthropic paths have the Anthropic shape', async () => {
    const { client } = await gateway(scripted<LlmRequest, LlmResponse>(chatCompletion()));
    for (const path of ['/v1/messages', '/anthropic/v1/messages', '/anthropic/v1/nothing']) {
      const { body } = await client().send(post(path, '{')).response();
      expect(JSON.parse(body)).toMatchObject({ type: 'error', error: { type: 'invalid_request_error' } });
    }
  });

  test('refusals are reported with the id that the caller got', async () => {
    const { client, refused } = await gateway(scripted<LlmRequest, LlmResponse>(chatCompletion()));
    const { headers } = await client().send(post(CHAT, '{')).response();
    expect(refused).toMatchObject([
      { id: headers['x-request-id'], method: 'POST', path: CHAT, status: 400, error: { code: 'invalid_json' } },
    ]);
  });

  test('names that cannot stand in a header are written so that they can', async () => {
    const target = { provider: 'openai', model: 'm\r\nx-injected: 1\ud800'.padEnd(500, 'x') };
    const handler = scripted<LlmRequest, LlmResponse>(new PipelineError('invalid_request', 'no', { target }));
    const { client } = await gateway(handler);
    const { status, headers } = await client().send(post(CHAT, GOOD)).response();
    expect(status).toBe(400);
    expect(headers['x-injected']).toBeUndefined();
    expect(headers['x-gateway-model']).toMatch(/^m%0D%0Ax-injected%3A%201%EF%BF%BDx+$/);
  });

  test('a body as deep as the stack is the mistake of its sender', async () => {
    const handler = async (request: LlmRequest): Promise<LlmResponse> => {
      JSON.stringify(request.body.value);
      return chatCompletion();
    };
    const { client, server } = await gateway(handler);
    const depth = 200_000;
    const body = `{"model":"a/b","deep":${'['.repeat(depth)}${']'.repeat(depth)}}`;
    const response = await client().send(post(CHAT, body)).response();
    expect(response).toMatchObject({ status: 400, body: expect.stringContaining('nested too deeply') });
    expect(server.inFlight).toBe(0);
  });

  test('an error of our own making is a 500 that gives nothing away', async () => {
    const handler = scripted<LlmRequest, LlmResponse>(new TypeError('secret-in-a-stack-trace'));
    const { client } = await gateway(handler);
    const { status, body } = await client().send(post(CHAT, GOOD)).response();
    expect(status).toBe(500);
    expect(body).toContain('internal_error');
    expect(body).not.toContain('secret-in-a-stack-trace');
  });
});
