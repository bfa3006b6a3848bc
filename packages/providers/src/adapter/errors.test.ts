import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { PipelineError } from '@x/core';
import { VirtualClock } from '@x/core/testing';
import { anthropic } from '../anthropic/anthropic.ts';
import { openaiCompatible } from '../openai-compatible/openai-compatible.ts';
import { openai } from '../openai/openai.ts';
import { CHAT, keyed, KEY, request } from '../testing/calls.ts';
import { fakeTransport, json, sse, type FakeAnswer } from '../testing/fake-transport.ts';
import { rejection } from '../testing/rejection.ts';
import { ResponseBody } from '../transport/response-body.ts';

const ask = (answer: FakeAnswer, body: object = {}, options = {}) =>
  openai({ transport: fakeTransport(answer), ...options })(request({ ...CHAT, ...body }), keyed());

describe('a refusal', () => {
  test('carries kind, hint, target and what the provider said', async () => {
    const body = '{"error":{"message":"Slow down, try again in 2s","type":"requests","code":"rate_limit_exceeded"}}';
    expect(await rejection(ask(json(body, 429, { 'x-request-id': 'r' })))).toMatchObject({
      kind: 'rate_limited',
      code: 'rate_limited',
      message: 'openai: Slow down, try again in 2s',
      retryAfterMs: 2_000,
      target: { provider: 'openai', model: 'gpt-4o-mini' },
      upstream: { status: 429, code: 'rate_limit_exceeded', headers: { 'x-request-id': 'r' } },
    });
  });

  test('never repeats the key', async () => {
    const body = JSON.stringify({ error: { message: `Incorrect API key provided: ${KEY}`, code: 'invalid_api_key' } });
    const error = await rejection(ask(json(body, 401)));
    expect(error.message).toBe('openai: Incorrect API key provided: [key]');
    expect(JSON.stringify(error)).not.toContain(KEY);
  });

  test('is read by the provider’s own rows, and the operator’s before them', async () => {
    const answer = json('{"error":{"message":"suspended"}}', 412);
    const host = (options: object) =>
      rejection(
        openaiCompatible({ name: 'fireworks', transport: fakeTransport(answer), ...options })(request(CHAT), keyed()),
      );
    expect((await host({})).kind).toBe('authentication');
    expect((await host({ errors: [{ status: 412, kind: 'quota_exhausted' }] })).kind).toBe('quota_exhausted');
  });

  test('with a body that breaks off is known by its status', async () => {
    const answer = { status: 429, chunks: ['{"err'], breaksWith: new Error('cut') };
    expect((await rejection(ask(answer))).kind).toBe('rate_limited');
  });

  test('regression: with a body that never ends it kept the caller waiting for its deadline', async () => {
    const clock = new VirtualClock();
    const body = new ResponseBody({ resume: () => undefined, close: () => undefined });
    body.push(new TextEncoder().encode('{"error":{"message":"Slow do'));
    const transport = async () => ({ status: 429, headers: { 'retry-after': '7' }, body });
    const began = clock.now();
    const error = await clock.run(rejection(openai({ transport })(request(CHAT), keyed({ clock }))));
    expect(error).toMatchObject({ kind: 'rate_limited', retryAfterMs: 7_000 });
    expect(clock.now() - began).toBe(2_000);
    expect(clock.pending).toBe(0);
  });

  test('with a body without end is read no further than its bound, and left', async () => {
    const transport = fakeTransport({ status: 500, chunks: Array.from({ length: 100 }, () => 'x'.repeat(1_000)) });
    const error = await rejection(openai({ transport, maxErrorBytes: 5_000 })(request(CHAT), keyed()));
    expect(error.kind).toBe('server_error');
    expect(transport.pulled).toBe(6);
    expect(transport.closed).toBe(1);
  });
});

describe('a 200 that is none', () => {
  test.each<[string, FakeAnswer, string]>([
    ['an error in JSON', json('{"error":{"message":"no provider","code":503}}'), 'overloaded'],
    [
      'an error that finished the choice',
      json('{"choices":[{"finish_reason":"insufficient_system_resource"}]}'),
      'overloaded',
    ],
    ['an empty body', json(''), 'server_error'],
    ['half a JSON', json('{"choices":[{"mess'), 'server_error'],
    ['a list', json('[]'), 'server_error'],
    ['a page', { headers: { 'content-type': 'text/html' }, chunks: ['<html>'] }, 'server_error'],
    ['no answer in it', json('{}'), 'server_error'],
    ['a body that breaks off', { chunks: ['{'], breaksWith: new PipelineError('network', 'reset') }, 'network'],
  ])('%s', async (_name, answer, kind) => {
    const error = await rejection(ask(answer));
    expect(error.kind).toBe(kind);
    expect(error.message.startsWith('openai: ')).toBe(true);
    expect(error.target).toEqual({ provider: 'openai', model: 'gpt-4o-mini' });
  });

  test('DeepSeek’s blank lines before the answer are none of these', async () => {
    const answer = { chunks: ['\n', '\n\n', '{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}]}'] };
    expect((await ask(answer)).finishReason).toBe('stop');
  });

  test('an answer without end is read no further than its bound', async () => {
    const transport = fakeTransport({ chunks: Array.from({ length: 100 }, () => 'x'.repeat(1_000)) });
    const error = await rejection(openai({ transport, maxAnswerBytes: 5_000 })(request(CHAT), keyed()));
    expect(error).toMatchObject({ kind: 'server_error', message: 'openai: the answer is longer than 5000 bytes' });
    expect(transport.closed).toBe(1);
  });
});

describe('the transport fails', () => {
  test.each([
    [new PipelineError('timeout', 'too slow', { code: 'headers_timeout' }), 'timeout', 'headers_timeout'],
    [new Error('socket'), 'network', 'network'],
  ])('%s', async (thrown, kind, code) => {
    const transport = () => Promise.reject(thrown);
    const error = await rejection(openai({ transport })(request(CHAT), keyed()));
    expect(error).toMatchObject({ kind, code, target: { provider: 'openai' }, cause: thrown });
    expect(error.message).toBe(`openai: ${thrown.message}`);
  });
});

test('any body under any status, streamed or not, is an answer or an error of ours', async () => {
  const body = fc.oneof(
    fc.json(),
    fc.string(),
    fc.json().map((value) => `data: ${value}\n\n`),
    fc.json().map((value) => `{"choices":[${value}]}`),
  );
  await fc.assert(
    fc.asyncProperty(body, fc.constantFrom(200, 204, 400, 429, 500), fc.boolean(), async (text, status, stream) => {
      for (const handler of [openai, anthropic]) {
        const answer = stream ? { ...sse(text), status } : json(text, status);
        const call = handler({ transport: fakeTransport(answer) })(request({ ...CHAT, stream }), keyed());
        const outcome: unknown = await call.catch((error: unknown) => error);
        expect(outcome instanceof Error).toBe(PipelineError.isInstance(outcome));
      }
    }),
    { numRuns: 300 },
  );
});
