import { describe, expect, test } from 'vitest';
import { createContext, CREDENTIAL, PipelineError, type Handler, type LlmRequest, type LlmResponse } from '@x/core';
import { VirtualClock } from '@x/core/testing';
import { createSimulator, type FaultRule } from '@x/simulator';
import { anthropic } from './anthropic/anthropic.ts';
import { gemini } from './gemini/gemini.ts';
import { openai } from './openai/openai.ts';
import { CHAT, MESSAGES, read, request, streamed } from './testing/calls.ts';
import { rejection } from './testing/rejection.ts';

const MODELS = {
  openai: 'gpt-4o-mini',
  anthropic: 'claude-3-5-sonnet-20241022',
  gemini: 'gemini-2.5-flash',
} as const;
const ADAPTERS = { openai, anthropic, gemini };
const MATRIX = (['openai.chat', 'openai.responses', 'anthropic.messages', 'gemini.generate'] as const).flatMap(
  (dialect) =>
    (['openai', 'anthropic', 'gemini'] as const).flatMap((provider) =>
      [false, true].map((stream) => ({ dialect, provider, stream })),
    ),
);

/** Tokens one by one, so that an error never comes in one piece with the first content. */
const PACE = { latency: { tokensPerSecond: 50 } };

const BODIES = {
  'openai.chat': CHAT,
  'openai.responses': { input: 'Hello' },
  'anthropic.messages': MESSAGES,
  'gemini.generate': { contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] },
};

interface Cell {
  readonly dialect: keyof typeof BODIES;
  readonly provider: keyof typeof MODELS;
  readonly stream: boolean;
}

/** Asks a simulated provider, in virtual time, and reads all of the answer. */
async function ask({ dialect, provider, stream }: Cell, faults: readonly FaultRule[] = []): Promise<string> {
  const clock = new VirtualClock();
  const simulator = createSimulator({ providers: { openai: PACE, anthropic: PACE, gemini: PACE }, faults }, { clock });
  const options = { baseURL: `http://simulator/${provider}/v1`, transport: simulator.transport };
  const handler: Handler<LlmRequest, LlmResponse> = ADAPTERS[provider](options);
  const body = BODIES[dialect];
  const call = request({ ...body, model: `${provider}/${MODELS[provider]}`, stream }, dialect);
  const context = createContext({ id: 'req-1', clock }, CREDENTIAL.of({ name: 'k', value: 'key' }));
  return clock.run(async () => {
    const response = await handler(call, context);
    if (response.stream) return (await read(streamed(response))).text;
    return JSON.stringify(response.body.value);
  });
}

describe.each(MATRIX)('a caller of $dialect, at $provider, stream: $stream', (cell) => {
  test('is answered in its own dialect', async () => {
    const text = await ask(cell);
    const marks = {
      'openai.chat': [/"chat\.completion"/, /data: \[DONE\]/],
      'openai.responses': [/"object":"response"/, /event: response\.completed/],
      'anthropic.messages': [/"type":"message"/, /event: message_stop/],
      'gemini.generate': [/"candidates":/, /"finishReason":"STOP"/],
    };
    const [whole, streamedMark] = marks[cell.dialect as keyof typeof marks];
    expect(text).toMatch(cell.stream ? (streamedMark as RegExp) : (whole as RegExp));
  });

  test.each<[FaultRule, string]>([
    [{ name: 'rate_limit_without_hint' }, 'rate_limited'],
    [{ name: 'insufficient_quota' }, 'quota_exhausted'],
    [{ name: 'overloaded_529' }, 'overloaded'],
    [{ name: 'unavailable_503' }, 'overloaded'],
    [{ name: 'server_error_500' }, 'server_error'],
    [{ name: 'invalid_key' }, 'authentication'],
    [{ name: 'status', status: 404 }, 'model_not_found'],
    [{ name: 'reset_before_headers' }, 'network'],
    [{ name: 'reset_after_headers' }, 'network'],
    [{ name: 'empty_body' }, 'server_error'],
    [{ name: 'wrong_content_type' }, 'server_error'],
  ])('$name is $1', async (fault, kind) => {
    expect((await rejection(ask(cell, [fault]))).kind).toBe(kind);
  });
});

describe.each(MATRIX.filter((cell) => cell.stream))('a stream for a caller of $dialect at $provider', (cell) => {
  test.each<[FaultRule, string]>([
    [{ name: 'cut_stream', afterEvents: 2 }, 'stream_broken'],
    [{ name: 'cut_stream', afterEvents: 2, how: 'end' }, 'stream_broken'],
    [{ name: 'cut_stream', afterEvents: 0 }, 'network'],
    [{ name: 'cut_stream', afterEvents: 0, how: 'end' }, 'server_error'],
    [{ name: 'error_event_midstream' }, 'stream_broken'],
  ])('%j is %s', async (fault, kind) => {
    expect((await rejection(ask(cell, [fault]))).kind).toBe(kind);
  });

  test('an error as its first event is an ordinary error', async () => {
    const error = await rejection(ask(cell, [{ name: 'error_event_first', error: 'overloaded' }]));
    expect(error.kind).toBe('overloaded');
    expect(PipelineError.isInstance(error.cause)).toBe(false);
  });

  test.each<[FaultRule]>([[{ name: 'missing_done' }], [{ name: 'malformed_event' }]])('%j is mended', async (fault) => {
    expect(await ask(cell, [fault])).toBe(await ask(cell));
  });
});
