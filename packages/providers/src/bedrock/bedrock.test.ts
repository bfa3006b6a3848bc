import { createHash, createHmac } from 'node:crypto';
import { createContext, type HttpRequest, type JsonObject } from '@x/core';
import { VirtualClock } from '@x/core/testing';
import { describe, expect, test } from 'vitest';
import { FrameType } from '../aws-event-stream/encode-frame.ts';
import { FRAMES } from '../dialects/bedrock-converse/stream/frames.ts';
import { CHAT, complete, keyed, NOW, read, request, streamed, words } from '../testing/calls.ts';
import { fakeTransport, json, type FakeAnswer } from '../testing/fake-transport.ts';
import { rejection } from '../testing/rejection.ts';
import { bedrock, type BedrockOptions } from './bedrock.ts';

const MODEL = 'anthropic.claude-3-haiku-20240307-v1:0';
const ASK = { ...CHAT, model: `bedrock/${MODEL}` };
const HOST = 'https://bedrock-runtime.eu-west-1.amazonaws.com';
const ANSWER = JSON.stringify({
  output: { message: { role: 'assistant', content: [{ text: 'Hi' }] } },
  stopReason: 'end_turn',
  usage: { inputTokens: 3, outputTokens: 1, totalTokens: 4 },
  metrics: { latencyMs: 5 },
});

function provider(answers: readonly FakeAnswer[], options: BedrockOptions = {}) {
  const transport = fakeTransport(...answers);
  return { transport, ask: bedrock({ region: 'eu-west-1', keys: true, transport, ...options }) };
}

const eventStream = (...frames: readonly string[]): FakeAnswer => ({
  headers: { 'content-type': 'application/vnd.amazon.eventstream' },
  chunks: frames.map((frame) => Buffer.from(frame, 'latin1')),
});

const STREAM = [
  FRAMES.messageStart.frame('{"role":"assistant","p":"abc"}'),
  FRAMES.contentBlockDelta.frame('{"contentBlockIndex":0,"delta":{"text":"Grüße"},"p":"ab"}'),
  FRAMES.contentBlockDelta.frame('{"contentBlockIndex":0,"delta":{"text":" 東京"}}'),
  FRAMES.contentBlockStop.frame('{"contentBlockIndex":0}'),
  FRAMES.messageStop.frame('{"stopReason":"end_turn"}'),
  FRAMES.metadata.frame('{"usage":{"inputTokens":3,"outputTokens":2,"totalTokens":5},"metrics":{"latencyMs":1}}'),
];

const exception = (name: string, message: string) =>
  new FrameType({ ':message-type': 'exception', ':exception-type': name }).frame(JSON.stringify({ message }));

describe('the address', () => {
  test.each([
    [MODEL, 'anthropic.claude-3-haiku-20240307-v1%3A0'],
    ['us.anthropic.claude-sonnet-4-5-20250929-v1:0', 'us.anthropic.claude-sonnet-4-5-20250929-v1%3A0'],
    [
      'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc',
      'arn%3Aaws%3Abedrock%3Aus-east-1%3A123456789012%3Aapplication-inference-profile%2Fabc',
    ],
  ])('of %s is one segment', async (model, segment) => {
    const { transport, ask } = provider([json(ANSWER), eventStream(...STREAM)]);
    await ask(request({ ...ASK, model: `bedrock/${model}` }), keyed());
    await ask(request({ ...ASK, model: `bedrock/${model}`, stream: true }), keyed());
    expect(transport.requests.map(({ url }) => url)).toEqual([
      `${HOST}/model/${segment}/converse`,
      `${HOST}/model/${segment}/converse-stream`,
    ]);
  });

  test('needs a region', () => {
    expect(() => bedrock({ region: '' })).toThrow('bedrock: region must be given');
    expect(() => bedrock({ region: 'evil.com/' })).toThrow('bedrock: region must be one such as us-east-1');
  });

  test('in China has a domain of its own', async () => {
    const { transport, ask } = provider([json(ANSWER)], { region: 'cn-north-1' });
    await ask(request(ASK), keyed());
    expect(transport.requests[0]?.url).toContain('https://bedrock-runtime.cn-north-1.amazonaws.com.cn/');
  });
});

describe('authentication', () => {
  const sent = async (options: BedrockOptions, context = keyed()) => {
    const { transport, ask } = provider([json(ANSWER)], options);
    await ask(request(ASK), context);
    return transport.requests[0] as HttpRequest;
  };

  test('a Bedrock API key goes out as it is', async () => {
    const { headers } = await sent({});
    expect(headers['authorization']).toBe('Bearer sk-test-0123456789abcdef');
    expect(headers).not.toHaveProperty('x-amz-date');
  });

  test('access keys sign each request, with the escaped path escaped again', async () => {
    const signed = await sent({
      keys: false,
      credentials: async () => ({
        accessKeyId: 'AKIDEXAMPLE12345678',
        secretAccessKey: 'secret',
        sessionToken: 'token',
      }),
    });
    expect(signed.headers).toMatchObject({ 'x-amz-date': '20261122T120000Z', 'x-amz-security-token': 'token' });
    expect(signed.headers['authorization']).toBe(expectedSignature(signed, 'AKIDEXAMPLE12345678', 'secret'));
  });

  test('access keys may stand in a pool', async () => {
    const credential = { name: 'role', value: 'AKIDEXAMPLE12345678:se/cr+et:to:ken' };
    const signed = await sent({ credential }, createContext({ clock: new VirtualClock({ start: NOW }) }));
    expect(signed.headers['x-amz-security-token']).toBe('to:ken');
    expect(signed.headers['authorization']).toBe(expectedSignature(signed, 'AKIDEXAMPLE12345678', 'se/cr+et'));
  });

  test('credentials that cannot be had are an authentication error, and nothing is sent', async () => {
    const { transport, ask } = provider([json(ANSWER)], {
      keys: false,
      credentials: () => Promise.reject(new Error('no profile')),
    });
    const error = await rejection(ask(request(ASK), createContext()));
    expect(error).toMatchObject({ kind: 'authentication', code: 'missing_credential' });
    expect(error.message).toBe('bedrock: no AWS credentials: no profile');
    expect(transport.requests).toEqual([]);
  });
});

describe('answers', () => {
  test('for a caller of another dialect', async () => {
    const { transport, ask } = provider([json(ANSWER)]);
    const answer = complete(await ask(request({ ...ASK, max_tokens: 7 }), keyed()));
    expect(answer.body.value).toMatchObject({
      model: MODEL,
      choices: [{ message: { content: 'Hi' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 3, completion_tokens: 1 },
    });
    const body = JSON.parse(Buffer.from(transport.requests[0]?.body as Uint8Array).toString()) as JsonObject;
    expect(body).toEqual({
      messages: [{ role: 'user', content: [{ text: 'Hello' }] }],
      inferenceConfig: { maxTokens: 7 },
    });
  });

  test('in its own dialect bytes pass through, and nothing is added', async () => {
    const { transport, ask } = provider([json(ANSWER)]);
    const raw = '{ "messages":[{"role":"user","content":[{"text":"a"}]}],"unknown":1.50 }';
    const own = { ...request(raw.replace('{', '{"model":"bedrock/m",'), 'bedrock.converse') };
    const answer = complete(await ask(own, keyed()));
    expect(Buffer.from(answer.body.bytes).toString()).toBe(ANSWER);
    expect(
      Buffer.from(transport.requests[0]?.body as Uint8Array)
        .toString()
        .replaceAll(/\s/g, ''),
    ).toBe(raw.replaceAll(/\s/g, ''));
  });

  test('a stream for a caller of another dialect', async () => {
    const { transport, ask } = provider([eventStream(...STREAM)]);
    const stream = streamed(
      await ask(request({ ...ASK, stream: true, stream_options: { include_usage: true } }), keyed()),
    );
    const { text, events } = await read(stream);
    expect(words(events)).toBe('Grüße 東京');
    expect(text).toContain('"content":"Grüße"');
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
    expect(text).toContain('"prompt_tokens":3');
    expect(stream).toMatchObject({ finishReason: 'stop', usage: { inputTokens: 3, outputTokens: 2 } });
    expect(transport.requests[0]?.headers['accept']).toBe('application/vnd.amazon.eventstream');
  });

  test('a stream in its own dialect is forwarded as received, byte for byte', async () => {
    const whole = STREAM.join('');
    // Cut where no frame ends.
    const { ask } = provider([eventStream(whole.slice(0, 37), whole.slice(37, 300), whole.slice(300))]);
    const own = { ...request({ model: 'bedrock/m', messages: [] }, 'bedrock.converse'), stream: true };
    expect((await read(streamed(await ask(own, keyed())))).text).toBe(whole);
  });
});

describe('failures inside a stream', () => {
  const asked = (...frames: readonly string[]) =>
    provider([eventStream(...frames)]).ask(request({ ...ASK, stream: true }), keyed());

  test.each([
    ['throttlingException', 'Too many tokens, please wait', 'rate_limited'],
    ['throttlingException', 'Too many tokens per day', 'quota_exhausted'],
    ['serviceUnavailableException', 'busy', 'overloaded'],
    ['internalServerException', 'oops', 'server_error'],
    ['modelStreamErrorException', 'oops', 'server_error'],
    ['modelTimeoutException', 'slow', 'timeout'],
    ['validationException', 'Input is too long for requested model', 'context_length'],
    ['validationException', 'messages: bad', 'invalid_request'],
  ])('%s "%s" before the first content is an ordinary %s', async (name, message, kind) => {
    const error = await rejection(asked(STREAM[0] as string, exception(name, message)));
    expect(error.kind).toBe(kind);
    expect(error.message).toBe(`bedrock: ${message}`);
  });

  test('after the commit the stream is broken', async () => {
    const stream = streamed(await asked(...STREAM.slice(0, 2), exception('throttlingException', 'slow')));
    await expect(read(stream)).rejects.toMatchObject({ kind: 'stream_broken', cause: { kind: 'rate_limited' } });
  });

  test('a cut without a stop is broken, with one but without counts it is whole', async () => {
    const cut = streamed(await asked(...STREAM.slice(0, 3)));
    await expect(read(cut)).rejects.toMatchObject({ kind: 'stream_broken' });
    const whole = streamed(await asked(...STREAM.slice(0, 5)));
    expect((await read(whole)).text).toContain('[DONE]');
  });

  test.each([
    ['a page', 'text/html', '<html></html>'],
    ['an error as JSON', 'application/json', '{"message":"The request queue is full."}'],
    ['bytes that are no frames', 'application/vnd.amazon.eventstream', 'this is no event stream at all'],
    ['half a frame', 'application/vnd.amazon.eventstream', (STREAM[0] as string).slice(0, 20)],
  ])('%s instead of events is an error with the name of the provider', async (_what, type, body) => {
    const { ask } = provider([{ headers: { 'content-type': type }, chunks: [Buffer.from(body, 'latin1')] }]);
    const error = await rejection(ask(request({ ...ASK, stream: true }), keyed()));
    expect(error.kind).toBe('server_error');
    expect(error.message.startsWith('bedrock: ')).toBe(true);
  });
});

describe('refusals', () => {
  test.each<[number, string, string, string]>([
    [429, 'ThrottlingException', 'Too many requests, please wait before trying again.', 'rate_limited'],
    [429, 'ThrottlingException:http://internal.amazon.com/coral/', 'Too many tokens per day', 'quota_exhausted'],
    [429, 'com.amazon#ModelNotReadyException', 'warming up', 'overloaded'],
    [503, 'ServiceUnavailableException', '', 'overloaded'],
    [408, 'ModelTimeoutException', '', 'timeout'],
    [424, 'ModelErrorException', '', 'server_error'],
    [500, 'InternalServerException', '', 'server_error'],
    [400, 'ServiceQuotaExceededException', 'too many', 'quota_exhausted'],
    [400, 'ValidationException', 'Input is too long for requested model.', 'context_length'],
    [400, 'ValidationException', 'prompt is too long: 9 tokens > 8 maximum', 'context_length'],
    [400, 'ValidationException', 'The provided model identifier is invalid.', 'model_not_found'],
    [
      400,
      'ValidationException',
      "Invocation of model ID x with on-demand throughput isn't supported.",
      'model_not_found',
    ],
    [400, 'ValidationException', 'messages.0: bad', 'invalid_request'],
    [403, 'AccessDeniedException', "You don't have access to the model with the specified model ID.", 'permission'],
    [403, 'UnrecognizedClientException', 'The security token included in the request is invalid.', 'authentication'],
    [403, 'ExpiredTokenException', 'expired', 'authentication'],
    [404, 'ResourceNotFoundException', 'Could not resolve the foundation model', 'model_not_found'],
    [
      404,
      'ResourceNotFoundException',
      'Model use case details have not been submitted for this account.',
      'permission',
    ],
    [529, '', 'overloaded', 'overloaded'],
  ])('%i %s "%s" is %s', async (status, name, message, kind) => {
    const { ask } = provider([json(JSON.stringify({ message }), status, { 'x-amzn-errortype': name })]);
    const error = await rejection(ask(request(ASK), keyed()));
    expect(error.kind).toBe(kind);
    expect(error.message.startsWith('bedrock: ')).toBe(true);
  });
});

/** Signature version 4 once more, by its description alone. */
function expectedSignature({ url, headers, body }: HttpRequest, id: string, secret: string): string {
  const sha = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex');
  const hmac = (key: string | Buffer, data: string) => createHmac('sha256', key).update(data).digest();
  const names = Object.keys(headers)
    .filter((name) => name !== 'authorization')
    .toSorted();
  const escaped = new URL(url).pathname.split('/').map(encodeURIComponent).join('/');
  const canonical = [
    'POST',
    escaped,
    '',
    ...names.map((name) => `${name}:${headers[name] ?? ''}`),
    '',
    names.join(';'),
    sha(body as Uint8Array),
  ];
  const date = headers['x-amz-date'] as string;
  const scope = [date.slice(0, 8), 'eu-west-1', 'bedrock', 'aws4_request'];
  const toSign = ['AWS4-HMAC-SHA256', date, scope.join('/'), sha(canonical.join('\n'))].join('\n');
  const key = scope.reduce<string | Buffer>((last, part) => hmac(last, part), `AWS4${secret}`);
  return `AWS4-HMAC-SHA256 Credential=${id}/${scope.join('/')}, SignedHeaders=${names.join(';')}, Signature=${hmac(key, toSign).toString('hex')}`;
}
