import { describe, expect, test } from 'vitest';
import { createLlmRequest, JsonBody, type JsonObject, type LlmRequest } from '@x/core';
import { complete, keyed, KEY, read, request, streamed, words } from '../testing/calls.ts';
import { fakeTransport, json, pieces, sse } from '../testing/fake-transport.ts';
import { fixture } from '../testing/fixture.ts';
import { rejection } from '../testing/rejection.ts';
import { gemini } from './gemini.ts';

const CONTENTS = { contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] };

function asked(model: string, stream = false, body: JsonObject = CONTENTS): LlmRequest {
  const text = new TextEncoder().encode(JSON.stringify({ model, ...(stream && { stream }), ...body }));
  return createLlmRequest({ dialect: 'gemini.generate', body: JsonBody.parse(text) });
}

const sent = (transport: ReturnType<typeof fakeTransport>) => {
  const [first] = transport.requests;
  const text = typeof first?.body === 'string' ? first.body : new TextDecoder().decode(first?.body);
  return { url: first?.url, headers: first?.headers, body: JSON.parse(text) as JsonObject, text };
};

describe('a caller of Gemini', () => {
  test('is passed through: the model goes into the path, and unknown fields survive', async () => {
    const transport = fakeTransport(json(fixture('gemini-generate/complete.json')));
    const body = { ...CONTENTS, cachedContent: 'cachedContents/a', future: { a: [1] }, fallbacks: ['openai/gpt-4o'] };
    const answer = complete(await gemini({ transport })(asked('gemini/gemini-2.5-flash', false, body), keyed()));
    const { url, headers, body: got } = sent(transport);
    expect(url).toBe('https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:generateContent');
    expect(headers).toMatchObject({ 'x-goog-api-key': KEY, accept: 'application/json' });
    expect(got).toEqual({ ...CONTENTS, cachedContent: 'cachedContents/a', future: { a: [1] } });
    expect(answer).toMatchObject({ finishReason: 'stop', usage: { inputTokens: 96, cacheReadTokens: 1_024 } });
    expect(new TextDecoder().decode(answer.body.bytes)).toBe(fixture('gemini-generate/complete.json'));
  });

  test('gets its stream as it came, and the connection’s end is its end', async () => {
    const recorded = fixture('gemini-generate/stream.sse');
    const transport = fakeTransport(sse(...pieces(recorded)));
    const stream = streamed(await gemini({ transport })(asked('gemini/gemini-2.5-flash', true), keyed()));
    const { text, events } = await read(stream);
    expect(text).toBe(recorded);
    expect(words(events)).toBe('The ticket asks for a refund.');
    expect(stream).toMatchObject({ finishReason: 'stop', usage: { inputTokens: 12, outputTokens: 8 } });
    const { url, text: body } = sent(transport);
    expect(url).toMatch(/models\/gemini-2\.5-flash:streamGenerateContent\?alt=sse$/);
    expect(JSON.parse(body)).toEqual(CONTENTS);
  });

  test('is told when its stream ends without a finish reason', async () => {
    const [first = ''] = pieces(fixture('gemini-generate/stream.sse'));
    const stream = streamed(await gemini({ transport: fakeTransport(sse(first)) })(asked('gemini/m', true), keyed()));
    expect(await rejection(read(stream))).toMatchObject({ kind: 'stream_broken' });
  });
});

describe.each(['openai.chat', 'anthropic.messages'] as const)('a caller of %s', (dialect) => {
  const body = { model: 'gemini/gemini-3-pro-preview', max_tokens: 9, messages: [{ role: 'user', content: 'Hello' }] };

  test('is translated, both ways', async () => {
    const transport = fakeTransport(json(fixture('gemini-generate/complete-tools.json')));
    const answer = complete(await gemini({ transport })(request(body, dialect), keyed()));
    expect(sent(transport).body).toEqual({ ...CONTENTS, generationConfig: { maxOutputTokens: 9 } });
    expect(answer.finishReason).toBe('tool_calls');
    expect(JSON.stringify(answer.body.value)).toContain('call_req1_0');
  });

  test('gets a stream in its own dialect, to its proper end', async () => {
    const transport = fakeTransport(sse(...pieces(fixture('gemini-generate/stream-tools.sse'))));
    const stream = streamed(await gemini({ transport })(request({ ...body, stream: true }, dialect), keyed()));
    const { text } = await read(stream);
    expect(text).toContain('get_weather');
    expect(text).toMatch(dialect === 'openai.chat' ? /data: \[DONE\]\n\n$/ : /"type":"message_stop"\}\n\n$/);
  });
});

describe('refusals', () => {
  test('an error before the first event, without a frame around it', async () => {
    const transport = fakeTransport(
      sse('{"error":{"code":503,"message":"The model is overloaded.","status":"UNAVAILABLE"}}'),
    );
    expect(await rejection(gemini({ transport })(asked('gemini/m', true), keyed()))).toMatchObject({
      kind: 'overloaded',
    });
  });

  test('a malformed call is a failure of the provider, not an answer', async () => {
    const transport = fakeTransport(json('{"candidates":[{"finishReason":"MALFORMED_FUNCTION_CALL"}]}'));
    expect(await rejection(gemini({ transport })(asked('gemini/m'), keyed()))).toMatchObject({
      kind: 'server_error',
      message: expect.stringMatching(/^gemini: .*MALFORMED_FUNCTION_CALL/),
    });
  });

  test('a list instead of an answer', async () => {
    const transport = fakeTransport(json('[{"candidates":[]}]'));
    expect(await rejection(gemini({ transport })(asked('gemini/m'), keyed()))).toMatchObject({
      kind: 'server_error',
      code: 'invalid_answer',
    });
  });
});

test.each([
  ['models/gemini-2.5-pro', 'models/gemini-2.5-pro'],
  ['tunedModels/mine-1', 'tunedModels/mine-1'],
  ['../../v1/other?key=x#', 'models/..%2F..%2Fv1%2Fother%3Fkey%3Dx%23'],
  ['a:b', 'models/a%3Ab'],
])('model %s is %s: no name leads elsewhere', async (model, path) => {
  const transport = fakeTransport(json(fixture('gemini-generate/complete.json')));
  await gemini({ transport, baseURL: 'http://x.test/' })(asked(`gemini/${model}`), keyed());
  expect(sent(transport).url).toBe(`http://x.test/v1beta/${path}:generateContent`);
});
