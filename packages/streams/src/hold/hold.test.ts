import {
  CHAIN,
  createContext,
  EventStream,
  PipelineError,
  type LlmRequest,
  type LlmResponse,
  type Settlement,
} from '@x/core';
import { chatCompletion, chatRequest, chatStream, contract, failure, scripted, VirtualClock } from '@x/core/testing';
import { describe, expect, test } from 'vitest';
import { HELD } from '../held.ts';
import { hold } from './hold.ts';

describe('the contract, where nothing is held', () => {
  const subject = {
    layer: () => hold(),
    request: () => chatRequest({ stream: true }),
    respond: () => chatStream(),
  };
  for (const { name, run } of contract<LlmRequest, LlmResponse>(subject)) test(name, run);
});

const streamed = chatRequest({ stream: true });
const heldRequest: LlmRequest = { ...streamed, headers: { 'x-gateway-hold': 'complete' } };

const context = (...entries: Parameters<typeof createContext>[1][]) =>
  createContext({ clock: new VirtualClock() }, ...entries.filter((entry) => entry !== undefined));

async function frames(response: LlmResponse): Promise<string> {
  let text = '';
  if (response.stream) for await (const { frame } of response) text += frame;
  return text;
}

async function failureOf(work: Promise<unknown>): Promise<PipelineError> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (PipelineError.isInstance(error)) return error;
  throw new Error(`no PipelineError: ${String(error)}`);
}

const handlerOf = (response: LlmResponse | Error, options = {}) =>
  hold(options)(scripted<LlmRequest, LlmResponse>(response));

test('a held stream resolves when all of it is there, with the same frames, usage and finish', async () => {
  const usage = { inputTokens: 1, outputTokens: 2, cacheReadTokens: 0, cacheWriteTokens: 0, reasoningTokens: 0 };
  const inner = chatStream({ text: 'one two three', usage });
  const innerSeen: string[] = [];
  inner.onSettled(({ outcome }) => innerSeen.push(outcome));
  const response = (await handlerOf(inner)(heldRequest, context())) as EventStream;
  expect(innerSeen).toEqual(['completed']);
  const seen: Settlement[] = [];
  response.onSettled((settlement) => seen.push(settlement));
  expect([response.usage, response.finishReason]).toEqual([usage, 'stop']);
  expect(seen).toEqual([]);
  expect(await frames(response)).toBe(await frames(chatStream({ text: 'one two three', usage })));
  await response.discard();
  expect(seen).toEqual([{ outcome: 'completed' }]);
});

test.each([
  [failure('network', { code: 'connection_reset' }), 'network', 'connection_reset'],
  [new PipelineError('stream_broken', 'cut'), 'server_error', 'server_error'],
  [new PipelineError('stream_broken', 'silent', { code: 'idle_timeout' }), 'timeout', 'idle_timeout'],
  [
    new PipelineError('stream_broken', 'busy', { cause: failure('overloaded', { retryAfterMs: 5_000 }) }),
    'overloaded',
    'overloaded',
  ],
  [failure('cancelled'), 'cancelled', 'cancelled'],
])('a break is an ordinary rejection: %s', async (breaksWith, kind, code) => {
  const error = await failureOf(handlerOf(chatStream({ breaksWith }))(heldRequest, context()));
  expect([error.kind, error.code]).toEqual([kind, code]);
});

test('the hint of what broke it is kept', async () => {
  const breaksWith = new PipelineError('stream_broken', 'busy', { cause: failure('overloaded', { retryAfterMs: 7 }) });
  const error = await failureOf(handlerOf(chatStream({ breaksWith }))(heldRequest, context()));
  expect(error.retryAfterMs).toBe(7);
});

test('a stream without a finish is no answer', async () => {
  const { target, dialect } = chatStream();
  const read = async () => undefined;
  const stream = new EventStream({
    target,
    dialect,
    headers: {},
    head: [{ frame: 'x', parts: [] }],
    read,
    close: () => 0,
  });
  const error = await failureOf(handlerOf(stream)(heldRequest, context()));
  expect([error.kind, error.code]).toEqual(['server_error', 'invalid_answer']);
});

test('a stream over the bound is an error, and its source is closed', async () => {
  const inner = chatStream({ text: 'word '.repeat(100) });
  const error = await failureOf(handlerOf(inner, { maxBytes: 200 })(heldRequest, context()));
  expect([error.kind, error.code, error.param]).toEqual(['invalid_request', 'held_answer_too_long', 'x-gateway-hold']);
  expect(inner.closed).toBe(true);
});

test('what is inside knows that the stream is held', async () => {
  const inner = scripted<LlmRequest, LlmResponse>(chatStream());
  await hold()(inner)(heldRequest, context());
  expect(inner.calls[0]?.context.get(HELD)).toBe(true);
});

describe('who asks for it', () => {
  const held = async (request: LlmRequest, options = {}, ...entries: Parameters<typeof createContext>[1][]) => {
    const inner = chatStream();
    return (await handlerOf(inner, options)(request, context(...entries))) !== inner;
  };

  test('nobody by default', async () => {
    expect(await held(streamed)).toBe(false);
  });

  test('a policy for all, which a caller may decline', async () => {
    expect(await held(streamed, { policy: 'complete' })).toBe(true);
    const declined = { ...streamed, headers: { 'x-gateway-hold': 'first-token' } };
    expect(await held(declined, { policy: 'complete' })).toBe(false);
  });

  test('a route, whichever of its targets is asked', async () => {
    const routes = { 'openai/gpt-4o-mini': 'complete' } as const;
    expect(await held(streamed, { routes })).toBe(true);
    const other = { provider: 'anthropic', model: 'claude' };
    const chain = CHAIN.of([streamed.target, other]);
    expect(await held({ ...streamed, target: other }, { routes }, chain)).toBe(true);
    expect(await held({ ...streamed, target: other }, { routes })).toBe(false);
  });

  test('a header with another word is the caller’s mistake', async () => {
    const error = await failureOf(held({ ...streamed, headers: { 'x-gateway-hold': 'yes' } }));
    expect([error.kind, error.param]).toEqual(['invalid_request', 'x-gateway-hold']);
  });

  test('a whole answer is never held', async () => {
    const answer = chatCompletion();
    const request = { ...chatRequest(), headers: { 'x-gateway-hold': 'complete' } };
    expect(await handlerOf(answer)(request, context())).toBe(answer);
  });
});

test.each([
  [{ policy: 'all' as never }, 'hold: policy must be first-token or complete, got "all"'],
  [{ maxBytes: 0 }, 'hold: maxBytes must be a whole number of at least 1, got 0'],
  [{ routes: { a: 'b' as never } }, 'hold: routes["a"] must be first-token or complete, got "b"'],
])('options: %j', (options, message) => {
  expect(() => hold(options)).toThrow(message);
});
