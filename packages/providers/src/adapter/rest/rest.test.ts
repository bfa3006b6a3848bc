import { createLlmRequest, JsonBody, type LlmRequest, type RestCall } from '@x/core';
import { describe, expect, test } from 'vitest';
import { openai } from '../../openai/openai.ts';
import { openaiCompatible } from '../../openai-compatible/openai-compatible.ts';
import { complete, keyed, KEY, streamed } from '../../testing/calls.ts';
import { fakeTransport, json, sse, type FakeAnswer } from '../../testing/fake-transport.ts';
import { rejection } from '../../testing/rejection.ts';

function asked(
  line: string,
  { body, model = 'openai/m', ...more }: { body?: string; model?: string } & Partial<RestCall> = {},
): LlmRequest {
  const [method = '', path = ''] = line.split(' ');
  const parsed = body === undefined ? JsonBody.of({}) : JsonBody.parse(new TextEncoder().encode(body));
  const headers = { 'openai-beta': 'assistants=v2', 'x-other': '1' };
  return {
    ...createLlmRequest({ dialect: 'openai.rest', body: parsed, headers, model }),
    rest: { method, path, ...more },
  };
}

const text = (bytes: Uint8Array | string | undefined) =>
  typeof bytes === 'string' ? bytes : new TextDecoder().decode(bytes);
const bytes = (type: string, ...chunks: readonly (string | Uint8Array)[]): FakeAnswer => ({
  headers: { 'content-type': type },
  chunks,
});

describe('what is sent', () => {
  test('a body as it came but for the model and what is ours, to the address that was asked for', async () => {
    const transport = fakeTransport(json('{"data":[]}'));
    const body = '{"prompt":"x","model":"openai/m","fallbacks":["a/b"],"big":12345678901234567890}';
    await openai({ transport })(asked('POST /images/generations?x=y', { body }), keyed());
    expect(transport.requests[0]).toMatchObject({
      method: 'POST',
      url: 'https://api.openai.com/v1/images/generations?x=y',
      headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json', 'openai-beta': 'assistants=v2' },
    });
    expect(transport.requests[0]?.headers['x-other']).toBeUndefined();
    expect(text(transport.requests[0]?.body)).toBe('{"prompt":"x","model":"m","big":12345678901234567890}');
  });

  test('no model where there was none, and no body where there was none', async () => {
    const transport = fakeTransport(json('{"id":"b"}'));
    const ask = openai({ transport });
    await ask(asked('POST /batches', { body: '{"endpoint":"/v1/x"}', model: 'openai/batches' }), keyed());
    await ask(asked('GET /batches/b', { model: 'openai/batches' }), keyed());
    const content = { contentType: 'application/json', bytes: () => new Uint8Array(0) };
    await ask(asked('POST /batches/b/cancel', { model: 'openai/batches', content }), keyed());
    expect(transport.requests.map(({ body }) => body && text(body))).toEqual([
      '{"endpoint":"/v1/x"}',
      undefined,
      undefined,
    ]);
    expect(transport.requests.map(({ headers }) => headers['content-type'])).toEqual([
      'application/json',
      undefined,
      undefined,
    ]);
  });

  test('bytes that are no JSON, with the model that they are for', async () => {
    const transport = fakeTransport(json('{"text":"x"}'));
    const content = {
      contentType: 'multipart/form-data; boundary=b',
      bytes: (model: string) => Buffer.from(`<${model}>`),
    };
    const ask = openai({ transport });
    await ask(asked('POST /audio/transcriptions', { content }), keyed());
    const request = asked('POST /videos', { content, model: 'openai/videos' });
    await ask({ ...request, rest: { method: 'POST', path: '/videos', content, model: 'sora' } }, keyed());
    expect(transport.requests.map(({ body }) => text(body))).toEqual(['<m>', '<sora>']);
    expect(transport.requests[0]?.headers['content-type']).toBe('multipart/form-data; boundary=b');
  });
});

describe('what comes back', () => {
  test.each([
    [
      'images',
      { input_tokens: 5, output_tokens: 9, input_tokens_details: { cached_tokens: 2 } },
      { inputTokens: 3, cacheReadTokens: 2, outputTokens: 9 },
    ],
    ['completions', { prompt_tokens: 5, completion_tokens: 9 }, { inputTokens: 5, outputTokens: 9 }],
    ['a reranker', { total_tokens: 5 }, { inputTokens: 5, outputTokens: 0 }],
    ['a transcription by the minute', { type: 'duration', seconds: 5 }, undefined],
  ])('JSON, and the tokens of %s', async (_what, usage, wanted) => {
    const answer = JSON.stringify({ future: 1, usage });
    const whole = complete(
      await openai({ transport: fakeTransport(json(answer)) })(asked('POST /images/edits', { body: '{}' }), keyed()),
    );
    expect(text(whole.body.bytes)).toBe(answer);
    expect([whole.usage]).toMatchObject([wanted]);
  });

  test('bytes in pieces as they come, with their type, and none read ahead', async () => {
    const all = Uint8Array.from({ length: 256 }, (_, index) => index);
    const transport = fakeTransport(bytes('audio/mpeg', all.subarray(0, 100), all.subarray(100)));
    const stream = streamed(await openai({ transport })(asked('POST /audio/speech', { body: '{}' }), keyed()));
    expect(stream.headers['content-type']).toBe('audio/mpeg');
    expect(transport.pulled).toBe(1);
    const frames: Buffer[] = [];
    for await (const { frame } of stream) frames.push(Buffer.from(frame, 'latin1'));
    expect(Buffer.concat(frames)).toEqual(Buffer.from(all));
  });

  test('whatever a file holds, even where it says that it is JSON', async () => {
    const transport = fakeTransport(bytes('application/json', '[1,'));
    const stream = streamed(
      await openai({ transport })(asked('GET /files/f/content', { model: 'openai/files' }), keyed()),
    );
    let body = '';
    for await (const { frame } of stream) body += frame;
    expect(body).toBe('[1,');
  });

  test('nothing', async () => {
    const stream = streamed(
      await openai({ transport: fakeTransport({ status: 204 }) })(asked('DELETE /files/f'), keyed()),
    );
    for await (const _ of stream) throw new Error('there is something');
  });

  test('events whose last one tells the tokens', async () => {
    const transport = fakeTransport(
      sse('data: {"type":"a"}\n\nda', 'ta: {"usage":{"input_tokens":5,"output_tokens":9}}\n\n'),
    );
    const stream = streamed(await openai({ transport })(asked('POST /images/generations', { body: '{}' }), keyed()));
    for await (const _ of stream);
    expect(stream.usage).toMatchObject({ inputTokens: 5, outputTokens: 9 });
  });

  test('an error as the first event is a refusal, a later one is the caller’s to read', async () => {
    const error = 'data: {"error":{"message":"no room","code":"rate_limit_exceeded"}}\n\n';
    const ask = (...chunks: string[]) =>
      openai({ transport: fakeTransport(sse(...chunks)) })(asked('POST /completions', { body: '{}' }), keyed());
    expect(await rejection(ask(error))).toMatchObject({ kind: 'rate_limited' });
    let body = '';
    for await (const { frame } of streamed(await ask('data: {}\n\n', error))) body += frame;
    expect(body).toBe(`data: {}\n\n${error}`);
  });

  test('bytes that break off are no end', async () => {
    const transport = fakeTransport({ ...bytes('audio/mpeg', 'abc'), breaksWith: new Error('reset') });
    const stream = streamed(await openai({ transport })(asked('POST /audio/speech', { body: '{}' }), keyed()));
    const failure = await rejection(
      (async () => {
        for await (const _ of stream);
      })(),
    );
    expect(failure).toMatchObject({ kind: 'stream_broken', message: expect.stringContaining('reset') });
    const early = fakeTransport({ ...bytes('audio/mpeg'), breaksWith: new Error('reset') });
    expect(
      await rejection(openai({ transport: early })(asked('POST /audio/speech', { body: '{}' }), keyed())),
    ).toMatchObject({ kind: 'network' });
  });

  test('a reader that leaves closes the connection', async () => {
    const transport = fakeTransport(bytes('audio/mpeg', 'abc', 'def'));
    const stream = streamed(await openai({ transport })(asked('POST /audio/speech', { body: '{}' }), keyed()));
    await stream.discard();
    expect(transport.closed).toBe(1);
  });
});

describe('what is not there', () => {
  test('is said before any call', async () => {
    const transport = fakeTransport(json('{}'));
    const groq = openaiCompatible({ name: 'groq', transport });
    expect(await rejection(groq(asked('POST /images/generations', { body: '{}' }), keyed()))).toMatchObject({
      kind: 'invalid_request',
      code: 'unsupported_operation',
      message: 'groq has no /images',
    });
    expect(groq.serves(asked('POST /audio/speech'))).toBe(true);
    expect(groq.serves(asked('POST /images/edits'))).toBe(false);
    expect(transport.requests).toEqual([]);
  });

  test('of a host that nobody knows is its own to say', async () => {
    const transport = fakeTransport(json('{"error":{"message":"what?"}}', 404));
    const mine = openaiCompatible({ name: 'mine', baseURL: 'https://x.test/v1', transport });
    expect(await rejection(mine(asked('GET /files', { model: 'mine/files' }), keyed()))).toMatchObject({
      kind: 'invalid_request',
      code: 'not_found',
    });
    expect(await rejection(mine(asked('POST /ocr', { body: '{"model":"x"}' }), keyed()))).toMatchObject({
      kind: 'model_not_found',
    });
  });
});
