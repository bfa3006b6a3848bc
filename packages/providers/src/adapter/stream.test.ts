import { describe, expect, test } from 'vitest';
import { isContent, onSettled, PipelineError } from '@x/core';
import { VirtualClock } from '@x/core/testing';
import { anthropic } from '../anthropic/anthropic.ts';
import { openai } from '../openai/openai.ts';
import type { SkippedEvent } from '../options.ts';
import { CHAT, keyed, MESSAGES, read, request, streamed, words } from '../testing/calls.ts';
import { fakeTransport, pieces, sse, type FakeAnswer, type FakeTransport } from '../testing/fake-transport.ts';
import { fixture } from '../testing/fixture.ts';
import { rejection } from '../testing/rejection.ts';
import { ResponseBody } from '../transport/response-body.ts';

const chunk = (delta: object, rest: object = {}) =>
  `data: ${JSON.stringify({ id: 'c', choices: [{ index: 0, delta, finish_reason: null, ...rest }] })}\n\n`;
const ROLE = chunk({ role: 'assistant', content: '' });
const HELLO = chunk({ content: 'Hello' });
const FINISH = chunk({}, { finish_reason: 'stop' });
const DONE = 'data: [DONE]\n\n';

const ask = (transport: FakeTransport, options: object = {}, context = keyed()) =>
  openai({ transport, ...options })(request({ ...CHAT, stream: true }), context);
const open = async (...chunks: readonly string[]) => streamed(await ask(fakeTransport(sse(...chunks))));

describe('until the first content everything is an ordinary rejection', () => {
  test.each<[string, FakeAnswer, string]>([
    [
      'an error as the first event',
      sse('data: {"error":{"message":"x","code":"insufficient_quota"}}\n\n'),
      'quota_exhausted',
    ],
    [
      'an error event after the role',
      sse(ROLE, 'event: error\ndata: {"message":"x","code":"server_is_overloaded"}\n\n'),
      'overloaded',
    ],
    ['an error right behind the first content', sse(ROLE + HELLO + 'data: {"error":{"code":503}}\n\n'), 'overloaded'],
    ['an end without content', sse(ROLE), 'server_error'],
    ['an end marker without content', sse(ROLE, DONE), 'server_error'],
    ['an empty body', sse(), 'server_error'],
    ['nothing but comments', sse(': keep-alive\n\n'), 'server_error'],
    ['a closed socket', { ...sse(ROLE), breaksWith: new PipelineError('network', 'reset') }, 'network'],
    ['a timeout', { ...sse(ROLE), breaksWith: new PipelineError('timeout', 'idle') }, 'timeout'],
    ['an error that is no event', sse('{"error":{"message":"x","code":429}}'), 'rate_limited'],
    [
      'an error in JSON',
      { headers: { 'content-type': 'application/json' }, chunks: ['{"error":{"message":"x","code":429}}'] },
      'rate_limited',
    ],
    [
      'an answer in JSON',
      { headers: { 'content-type': 'application/json' }, chunks: ['{"choices":[]}'] },
      'server_error',
    ],
    ['a page', { headers: { 'content-type': 'text/html' }, chunks: ['<html>'] }, 'server_error'],
  ])('%s', async (_name, answer, kind) => {
    const transport = fakeTransport(answer);
    const error = await rejection(ask(transport));
    expect(error.kind).toBe(kind);
    expect(error.message).toMatch(/^openai: /);
    expect(error.target).toEqual({ provider: 'openai', model: 'gpt-4o-mini' });
  });

  test('Anthropic’s error as the very first event', async () => {
    const body = 'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n';
    const call = request({ ...MESSAGES, stream: true }, 'anthropic.messages');
    const error = await rejection(anthropic({ transport: fakeTransport(sse(body)) })(call, keyed()));
    expect(error).toMatchObject({ kind: 'overloaded', upstream: { status: 200, code: 'overloaded_error' } });
  });

  test('the body is left', async () => {
    const transport = fakeTransport(sse('data: {"error":{"message":"x"}}\n\n', HELLO));
    await rejection(ask(transport));
    expect(transport.closed).toBe(1);
    expect(transport.pulled).toBe(1);
  });

  test('resolving waits for the first content, and no longer', async () => {
    const transport = fakeTransport(sse(ROLE, ': comment\n\n', HELLO, FINISH, DONE));
    const stream = streamed(await ask(transport));
    expect(transport.pulled).toBe(3);
    const first = await stream[Symbol.asyncIterator]().next();
    expect(first.value?.frame).toBe(ROLE);
  });
});

describe('after the commit', () => {
  test.each<[string, string[], Error | undefined]>([
    ['a cut without a finish', [ROLE, HELLO], undefined],
    ['an error event', [ROLE, HELLO, 'data: {"error":{"message":"x"}}\n\n'], undefined],
    ['a closed socket', [ROLE, HELLO], new PipelineError('network', 'reset')],
    ['an idle socket', [ROLE, HELLO], new PipelineError('timeout', 'idle')],
  ])('%s is a broken stream, never a silent end', async (_name, chunks, breaksWith) => {
    const answer = { ...sse(...chunks), ...(breaksWith && { breaksWith }) };
    const stream = streamed(await ask(fakeTransport(answer)));
    const outcomes: string[] = [];
    onSettled(stream, (settlement) => outcomes.push(settlement.outcome));
    const error = await rejection(read(stream));
    expect(error).toMatchObject({ kind: 'stream_broken', target: { provider: 'openai' } });
    expect(error.message).toMatch(/^the stream broke: openai: /);
    expect(PipelineError.isInstance(error.cause)).toBe(true);
    expect(outcomes).toEqual(['failed']);
  });

  test('what came before an error in the same piece is handed on first', async () => {
    const stream = await open(ROLE + HELLO, chunk({ content: ' you' }) + 'data: {"error":{"message":"x"}}\n\n');
    const seen: string[] = [];
    const error = await rejection(
      (async () => {
        for await (const event of stream) seen.push(event.frame);
      })(),
    );
    expect(error.kind).toBe('stream_broken');
    expect(seen).toEqual([ROLE, HELLO, chunk({ content: ' you' })]);
  });

  test('a finish without an end marker is finished properly', async () => {
    const stream = await open(ROLE, HELLO, FINISH);
    expect((await read(stream)).text).toBe(ROLE + HELLO + FINISH + DONE);
    expect(stream.finishReason).toBe('stop');
  });

  test('a socket that dies after the finish changes nothing', async () => {
    const answer = { ...sse(ROLE, HELLO, FINISH), breaksWith: new PipelineError('network', 'reset') };
    const stream = streamed(await ask(fakeTransport(answer)));
    expect((await read(stream)).text).toBe(ROLE + HELLO + FINISH + DONE);
  });

  test('Anthropic’s end is added too', async () => {
    const recorded = fixture('anthropic-messages/stream.sse');
    const cut = recorded.slice(0, recorded.indexOf('event: message_stop'));
    const call = request({ ...MESSAGES, stream: true }, 'anthropic.messages');
    const stream = streamed(await anthropic({ transport: fakeTransport(sse(cut)) })(call, keyed()));
    expect((await read(stream)).text).toBe(recorded);
  });

  test('a translated stream that breaks ends without the dialect’s normal end', async () => {
    const stream = streamed(
      await openai({ transport: fakeTransport(sse(ROLE, HELLO)) })(
        request({ ...MESSAGES, model: 'openai/gpt-4o', stream: true }, 'anthropic.messages'),
        keyed(),
      ),
    );
    const frames: string[] = [];
    await rejection(
      (async () => {
        for await (const event of stream) frames.push(event.frame);
      })(),
    );
    expect(frames.join('')).not.toContain('message_stop');
  });

  test('regression: an end marker without a finish reason passed for the end of an answer that was cut', async () => {
    const stream = await open(ROLE, HELLO, DONE);
    const seen: string[] = [];
    const error = await rejection(
      (async () => {
        for await (const event of stream) seen.push(event.frame);
      })(),
    );
    expect(error).toMatchObject({ kind: 'stream_broken', message: expect.stringContaining('without a finish reason') });
    expect(seen.join('')).toBe(ROLE + HELLO);
  });

  test('regression: silence in place of the end marker kept the caller waiting for its deadline', async () => {
    const clock = new VirtualClock();
    const body = new ResponseBody({ resume: () => undefined, close: () => undefined });
    const transport = async () => ({ status: 200, headers: { 'content-type': 'text/event-stream' }, body });
    body.push(new TextEncoder().encode(ROLE + HELLO + FINISH));
    const stream = streamed(await openai({ transport })(request({ ...CHAT, stream: true }), keyed({ clock })));
    const began = clock.now();
    expect((await clock.run(read(stream))).text).toBe(ROLE + HELLO + FINISH + DONE);
    expect(clock.now() - began).toBe(5_000);
    expect(clock.pending).toBe(0);
  });

  test('nothing behind the end marker is handed on', async () => {
    const stream = await open(ROLE, HELLO, FINISH + DONE + HELLO, HELLO);
    expect(words((await read(stream)).events)).toBe('Hello');
  });
});

describe('an event that cannot be read', () => {
  test('is left out, and somebody is told', async () => {
    const skipped: SkippedEvent[] = [];
    const transport = fakeTransport(sse(ROLE, 'data: {"choi\n\n', HELLO, 'data: 5\n\n', FINISH, DONE));
    const onSkippedEvent = (event: SkippedEvent) => skipped.push(event);
    const stream = streamed(await ask(transport, { onSkippedEvent }));
    expect((await read(stream)).text).toBe(ROLE + HELLO + FINISH + DONE);
    expect(skipped.map((event) => event.data)).toEqual(['{"choi', '5']);
  });

  test('is the end of the stream when it is too large', async () => {
    const transport = fakeTransport(sse(ROLE + HELLO, `data: ${'x'.repeat(2_000)}`, 'x'.repeat(2_000)));
    const stream = streamed(await ask(transport, { maxEventChars: 3_000 }));
    const error = await rejection(read(stream));
    expect(error.kind).toBe('stream_broken');
    expect(error.message).toContain('more than 3000 characters');
    expect(transport.closed).toBe(1);
  });
});

describe('a reader who leaves', () => {
  test('closes the body', async () => {
    const transport = fakeTransport(sse(ROLE, HELLO, HELLO, FINISH, DONE));
    const stream = streamed(await ask(transport));
    const outcomes: string[] = [];
    onSettled(stream, (settlement) => outcomes.push(settlement.outcome));
    for await (const event of stream) if (event.parts.some(isContent)) break;
    expect(outcomes).toEqual(['cancelled']);
    expect(transport.closed).toBe(1);
    expect(transport.pulled).toBe(2);
  });

  test('by discarding it too', async () => {
    const transport = fakeTransport(sse(ROLE, HELLO, FINISH, DONE));
    const stream = streamed(await ask(transport));
    await stream.discard();
    expect(transport.closed).toBe(1);
  });

  test('by its signal is told so, and not of a broken stream', async () => {
    const controller = new AbortController();
    const answer = { ...sse(ROLE, HELLO), breaksWith: new Error('destroyed') };
    const stream = streamed(await ask(fakeTransport(answer), {}, keyed({ signal: controller.signal })));
    controller.abort();
    expect((await rejection(read(stream))).kind).toBe('cancelled');
  });
});

test('a slow reader slows the provider: nothing is read ahead', async () => {
  const many = Array.from({ length: 1_000 }, (_, index) => chunk({ content: String(index) }));
  const transport = fakeTransport(sse(ROLE, ...many, FINISH, DONE));
  const events = streamed(await ask(transport))[Symbol.asyncIterator]();
  for (let index = 0; index < 10; index += 1) await events.next();
  expect(transport.pulled).toBe(10);
});

test('recorded streams read the same whole and in single bytes', async () => {
  const recorded = fixture('openai-chat/stream.sse');
  const bytes = [...new TextEncoder().encode(recorded)].map((byte) => Uint8Array.of(byte));
  const one = await read(streamed(await ask(fakeTransport(sse(...bytes)))));
  const whole = await read(streamed(await ask(fakeTransport(sse(recorded)))));
  expect(one.text).toBe(whole.text);
  expect(words(one.events)).toBe('Grüße aus 東京 🚀');
  expect(pieces(recorded)).toHaveLength(6);
});
