import { describe, expect, test } from 'vitest';
import { createContext, CREDENTIAL } from '@x/core';
import { anthropic } from '../anthropic/anthropic.ts';
import { openaiCompatible } from '../openai-compatible/openai-compatible.ts';
import { openai } from '../openai/openai.ts';
import { CHAT, complete, keyed, KEY, MESSAGES, read, request, streamed } from '../testing/calls.ts';
import { fakeTransport, json, pieces, sse } from '../testing/fake-transport.ts';
import { fixture } from '../testing/fixture.ts';
import { rejection } from '../testing/rejection.ts';

const COMPLETE = fixture('openai-chat/complete.json');
const STREAM = fixture('openai-chat/stream.sse');
const text = (body: Uint8Array | string | undefined) =>
  typeof body === 'string' ? body : new TextDecoder().decode(body);

describe('a caller who speaks the provider’s dialect', () => {
  test('regression: a byte order mark in front of an answer reached the caller, whose parser refused it', async () => {
    const response = complete(
      await openai({ transport: fakeTransport(json(`\uFEFF${COMPLETE}`)) })(request(CHAT), keyed()),
    );
    expect(text(response.body.bytes).startsWith('{')).toBe(true);
    expect(text(response.body.edit({ x: 1 }))).toMatch(/^\{[^]*"x":1\}\s*$/);
  });

  test('gets its bytes through but for the model and our own members', async () => {
    const transport = fakeTransport(json(COMPLETE));
    const asked =
      '{ "seed":12345678901234567890, "model" : "openai/gpt-4o-mini","fallbacks":["a/b"],"messages":[{"role":"user","content":"\\u0041"}],"x_new":{ "y":1.0 } }';
    const response = complete(await openai({ transport })(request(asked), keyed()));
    const [sent] = transport.requests;
    const body = text(sent?.body);
    expect(body).toContain('"seed":12345678901234567890');
    expect(body).toContain('"messages":[{"role":"user","content":"\\u0041"}],"x_new":{ "y":1.0 } }');
    expect(JSON.parse(body)).toMatchObject({ model: 'gpt-4o-mini' });
    expect(body).not.toContain('fallbacks');
    expect(sent).toMatchObject({
      method: 'POST',
      url: 'https://api.openai.com/v1/chat/completions',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json', accept: 'application/json' },
    });
    expect(text(response.body.bytes)).toBe(COMPLETE);
    expect(response).toMatchObject({
      stream: false,
      dialect: 'openai.chat',
      target: { provider: 'openai', model: 'gpt-4o-mini' },
      finishReason: 'stop',
      usage: { inputTokens: 96, cacheReadTokens: 1_024, outputTokens: 8, reasoningTokens: 40 },
    });
  });

  test('of Anthropic too, with its own headers', async () => {
    const transport = fakeTransport(json(fixture('anthropic-messages/complete.json')));
    const call = request(MESSAGES, 'anthropic.messages');
    const headers = { 'anthropic-beta': 'context-1m', 'x-api-key': 'the caller’s', cookie: 'a=b' };
    const response = complete(await anthropic({ transport })({ ...call, headers }, keyed()));
    expect(transport.requests[0]).toMatchObject({
      url: 'https://api.anthropic.com/v1/messages',
      headers: {
        'x-api-key': KEY,
        'anthropic-version': '2023-06-01',
        'anthropic-beta': 'context-1m',
        'content-type': 'application/json',
        accept: 'application/json',
      },
    });
    expect(transport.requests[0]?.headers).not.toHaveProperty('cookie');
    expect(response).toMatchObject({ finishReason: 'stop', usage: { inputTokens: 96, cacheWriteTokens: 512 } });
  });

  test('hears what the provider sent along, but not what belongs to its connection', async () => {
    const sent = {
      'x-request-id': 'r',
      'x-ratelimit-remaining-tokens': '5',
      'content-length': '3',
      'set-cookie': ['a=b'],
    };
    const transport = fakeTransport(json(COMPLETE, 200, sent));
    const { headers } = await openai({ transport })(request(CHAT), keyed());
    expect(headers).toEqual({ 'x-request-id': 'r', 'x-ratelimit-remaining-tokens': '5' });
  });
});

describe('a stream passes as it came', () => {
  test('when the caller asked for token counts', async () => {
    const transport = fakeTransport(sse(...pieces(STREAM)));
    const asked = { ...CHAT, stream: true, stream_options: { include_usage: true } };
    const stream = streamed(await openai({ transport })(request(asked), keyed()));
    expect((await read(stream)).text).toBe(STREAM);
    expect(JSON.parse(text(transport.requests[0]?.body))).toMatchObject({ stream_options: { include_usage: true } });
    expect(transport.requests[0]?.headers['accept']).toBe('text/event-stream');
    expect(stream).toMatchObject({ finishReason: 'stop', usage: { inputTokens: 16, outputTokens: 9 } });
  });

  test('without the token counts where the caller did not ask for them', async () => {
    const transport = fakeTransport(sse(...pieces(STREAM)));
    const asked = { ...CHAT, stream: true, stream_options: { include_obfuscation: true } };
    const stream = streamed(await openai({ transport })(request(asked), keyed()));
    const { text: received, events } = await read(stream);
    expect(JSON.parse(text(transport.requests[0]?.body))).toMatchObject({
      stream_options: { include_obfuscation: true, include_usage: true },
    });
    const extra = /data: \{[^\n]*"choices":\[\],"usage":\{[^\n]*\n\n/;
    expect(received).toBe(STREAM.replaceAll(',"usage":null', '').replace(extra, ''));
    expect(events.filter((event) => event.frame === '')).toHaveLength(1);
    expect(stream.usage).toMatchObject({ inputTokens: 16, outputTokens: 9 });
  });

  test('of Anthropic, its pings too', async () => {
    const recorded = fixture('anthropic-messages/stream.sse');
    const transport = fakeTransport(sse(...pieces(recorded)));
    const call = request({ ...MESSAGES, stream: true }, 'anthropic.messages');
    const stream = streamed(await anthropic({ transport })(call, keyed()));
    expect((await read(stream)).text).toBe(recorded);
    expect(stream).toMatchObject({ finishReason: 'stop', usage: { inputTokens: 25, outputTokens: 15 } });
  });
});

describe('hosts that take less', () => {
  test('Mistral refuses stream_options and the newer name of the limit', async () => {
    const transport = fakeTransport(sse(...pieces(fixture('openai-chat/stream-deepseek.sse'))));
    const call = request({ ...CHAT, stream: true, stream_options: { include_usage: true }, max_completion_tokens: 5 });
    await openaiCompatible({ name: 'mistral', transport })(call, keyed());
    expect(JSON.parse(text(transport.requests[0]?.body))).toEqual({
      model: 'gpt-4o-mini',
      messages: CHAT.messages,
      stream: true,
      max_tokens: 5,
    });
    expect(transport.requests[0]?.url).toBe('https://api.mistral.ai/v1/chat/completions');
  });

  test('a server without keys gets none', async () => {
    const transport = fakeTransport(json(COMPLETE));
    const own = { baseURL: 'http://127.0.0.1:8000/v1/', keyless: true, allowPrivateNetwork: true };
    const handler = openaiCompatible({ name: 'local', ...own, transport });
    await handler(request(CHAT), createContext());
    expect(transport.requests[0]?.url).toBe('http://127.0.0.1:8000/v1/chat/completions');
    expect(transport.requests[0]?.headers).not.toHaveProperty('authorization');
  });
});

describe('the credential', () => {
  test('of the pool wins over the adapter’s own', async () => {
    const transport = fakeTransport(json(COMPLETE));
    const handler = openai({ transport, credential: 'own' });
    await handler(request(CHAT), createContext());
    await handler(request(CHAT), createContext({}, CREDENTIAL.of({ name: 'p', value: 'pooled' })));
    expect(transport.requests.map(({ headers }) => headers['authorization'])).toEqual(['Bearer own', 'Bearer pooled']);
  });

  test('missing, it names what is missing, before any call', async () => {
    const transport = fakeTransport(json(COMPLETE));
    const error = await rejection(openai({ transport })(request(CHAT), createContext()));
    expect(error).toMatchObject({ kind: 'authentication', code: 'missing_credential' });
    expect(error.message).toMatch(/openai: no credential .*keypool.*"credential"/);
    expect(transport.requests).toEqual([]);
  });
});

test('a caller who has left is not served', async () => {
  const transport = fakeTransport(json(COMPLETE));
  const signal = AbortSignal.abort();
  expect((await rejection(openai({ transport })(request(CHAT), keyed({ signal })))).kind).toBe('cancelled');
  expect(transport.requests).toEqual([]);
});
