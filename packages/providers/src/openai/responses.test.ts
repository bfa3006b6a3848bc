import { describe, expect, test } from 'vitest';
import { anthropic } from '../anthropic/anthropic.ts';
import { openaiCompatible } from '../openai-compatible/openai-compatible.ts';
import { CHAT, complete, keyed, read, request, streamed } from '../testing/calls.ts';
import { fakeTransport, json, pieces, sse } from '../testing/fake-transport.ts';
import { fixture } from '../testing/fixture.ts';
import { rejection } from '../testing/rejection.ts';
import { openai } from './openai.ts';

const COMPLETE = fixture('openai-responses/complete.json');
const STREAM = fixture('openai-responses/stream.sse');
const text = (body: Uint8Array | string | undefined) => new TextDecoder().decode(body as Uint8Array);
const ask = (body: object) => request({ model: 'openai/gpt-5-mini', input: 'Hi', ...body }, 'openai.responses');
const frame = (type: string, members: object = {}) =>
  `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: 1, ...members })}\n\n`;
const CREATED = pieces(STREAM).slice(0, 2);

describe('a caller of Responses, at OpenAI', () => {
  test('gets its bytes through, with what only OpenAI can do', async () => {
    const transport = fakeTransport(json(COMPLETE));
    const asked =
      '{"model":"openai/gpt-5-mini","input":"\\u0041","previous_response_id":"resp_1","tools":[{"type":"web_search"}],"fallbacks":["a/b"],"new":1.0}';
    const answer = complete(await openai({ transport })(request(asked, 'openai.responses'), keyed()));
    expect(transport.requests[0]?.url).toBe('https://api.openai.com/v1/responses');
    expect(text(transport.requests[0]?.body)).toBe(
      '{"model":"gpt-5-mini","input":"\\u0041","previous_response_id":"resp_1","tools":[{"type":"web_search"}],"new":1.0}',
    );
    expect(text(answer.body.bytes)).toBe(COMPLETE);
    expect(answer).toMatchObject({
      finishReason: 'tool_calls',
      usage: { inputTokens: 81, outputTokens: 35, reasoningTokens: 64 },
    });
  });

  test('gets the events as they came, and no more', async () => {
    const answer = streamed(await openai({ transport: fakeTransport(sse(STREAM)) })(ask({ stream: true }), keyed()));
    expect((await read(answer)).text).toBe(STREAM);
    expect(answer).toMatchObject({ finishReason: 'stop', usage: { cacheReadTokens: 4, outputTokens: 9 } });
  });

  test('is translated for a model that has no Responses, and one of Chat for a model that has no Chat', async () => {
    const transport = fakeTransport(json(fixture('openai-chat/complete.json')), json(COMPLETE));
    const handler = openai({ transport });
    const whole = complete(await handler(ask({ model: 'openai/gpt-4o-audio-preview' }), keyed()));
    const chat = complete(await handler(request({ ...CHAT, model: 'openai/gpt-5.1-codex-max' }), keyed()));
    expect(transport.requests.map(({ url }) => url.split('/v1')[1])).toEqual(['/chat/completions', '/responses']);
    expect(whole.body.value).toMatchObject({ object: 'response', status: 'completed' });
    expect(chat.body.value).toMatchObject({ object: 'chat.completion', choices: [{ finish_reason: 'tool_calls' }] });
  });

  test('a host says itself what it speaks', async () => {
    const transport = fakeTransport(json(COMPLETE));
    const options = { name: 'mine', baseURL: 'https://example.com/v1', transport } as const;
    const urlOf = async (dialects?: ('openai.chat' | 'openai.responses')[]) => {
      const handler = openaiCompatible({ ...options, ...(dialects && { dialects }) });
      await handler(ask({ model: 'mine/m' }), keyed()).catch(() => undefined);
      return transport.requests.at(-1)?.url;
    };
    expect(await urlOf()).toBe('https://example.com/v1/chat/completions');
    expect(await urlOf(['openai.chat', 'openai.responses'])).toBe('https://example.com/v1/responses');
    expect(await urlOf(['openai.responses'])).toBe('https://example.com/v1/responses');
  });
});

describe('an error before the first content is a rejection', () => {
  test.each([
    ['an error event', frame('error', { code: 'rate_limit_exceeded', message: 'slow down' }), 'rate_limited'],
    [
      'a response that failed',
      frame('response.failed', { response: { status: 'failed', error: { code: 'server_error', message: 'oops' } } }),
      'server_error',
    ],
    [
      'no money',
      frame('response.failed', { response: { status: 'failed', error: { code: 'insufficient_quota', message: 'x' } } }),
      'quota_exhausted',
    ],
    ['the end of the connection', '', 'server_error'],
  ])('%s', async (_what, last, kind) => {
    const transport = fakeTransport(sse(...CREATED, last));
    const error = await rejection(openai({ transport })(ask({ stream: true }), keyed()));
    expect(error.kind).toBe(kind);
  });

  test('and so is one inside a whole answer', async () => {
    const body = { status: 'failed', output: [], error: { code: 'server_error', message: 'oops' } };
    const transport = fakeTransport(json(JSON.stringify(body)));
    const error = await rejection(openai({ transport })(ask({}), keyed()));
    expect(error).toMatchObject({ kind: 'server_error' });
    expect(error.message).toContain('oops');
  });

  test('while after it the stream is broken, and never completed', async () => {
    const events = pieces(STREAM);
    const transport = fakeTransport(sse(...events.slice(0, 5)), sse(...events.slice(0, 5)));
    const error = await rejection(read(streamed(await openai({ transport })(ask({ stream: true }), keyed()))));
    expect(error.kind).toBe('stream_broken');
  });
});

describe('a caller of Responses, at Anthropic', () => {
  test('is answered in its own events', async () => {
    const transport = fakeTransport(sse(fixture('anthropic-messages/stream-tools.sse')));
    const body = { model: 'anthropic/claude-sonnet-4-5', stream: true, metadata: { a: 'b' } };
    const answer = streamed(await anthropic({ transport })(ask(body), keyed()));
    expect(answer.headers['x-gateway-dropped']).toBe('metadata');
    const { text: wire } = await read(answer);
    expect(wire.match(/^event: .*$/gm)?.at(-1)).toBe('event: response.completed');
    expect(wire).toContain('"encrypted_content":"foreignsignatureEqQBsig=="');
    expect(wire).not.toContain('[DONE]');
  });

  test('is told which field only OpenAI can serve, and nobody is called', async () => {
    const transport = fakeTransport(json('{}'));
    const handler = anthropic({ transport });
    const model = 'anthropic/claude-sonnet-4-5';
    for (const [body, param] of [
      [{ previous_response_id: 'resp_1' }, 'previous_response_id'],
      [{ tools: [{ type: 'web_search' }] }, 'tools[0].type'],
    ] as const) {
      expect(await rejection(handler(ask({ model, ...body }), keyed()))).toMatchObject({
        kind: 'invalid_request',
        code: 'unsupported_field',
        param,
      });
    }
    expect(transport.requests).toEqual([]);
  });
});
