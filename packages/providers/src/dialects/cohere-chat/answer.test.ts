import type { JsonObject, StreamPart } from '@x/core';
import { describe, expect, test } from 'vitest';
import { SseDecoder } from '../../sse/decoder.ts';
import { fixture } from '../../testing/fixture.ts';
import { cohereChat } from './codec.ts';

const read = (path: string) => JSON.parse(fixture(`cohere-chat/${path}`)) as JsonObject;

function decodeStream(text: string): StreamPart[] {
  const decoder = cohereChat.streamDecoder();
  const wires = new SseDecoder({ maxEventChars: 10_000 }).push(Buffer.from(text));
  return wires.flatMap((wire) => [...(decoder.decode(wire)?.parts ?? [])]);
}

const event = (value: JsonObject) =>
  cohereChat.streamDecoder().decode({ data: JSON.stringify(value), event: undefined, id: undefined });

describe('whole answers', () => {
  test('thoughts and text; what is billed is not what is counted', () => {
    expect(cohereChat.decodeAnswer(read('complete.json'))).toEqual({
      id: 'c14c80c3-18eb-4519-9460-6c92edd8cfb4',
      model: undefined,
      content: [
        { type: 'reasoning', text: 'A refund, then.' },
        { type: 'text', text: 'The ticket asks for a refund.' },
      ],
      finishReason: 'stop',
      usage: { inputTokens: 55, cacheReadTokens: 16, cacheWriteTokens: 0, outputTokens: 12, reasoningTokens: 0 },
    });
  });

  test('a plan and calls', () => {
    expect(cohereChat.decodeAnswer(read('complete-tools.json'))).toMatchObject({
      content: [
        { type: 'text', text: 'I will look.' },
        { type: 'tool-call', id: 'get_weather_n1pxt3q2f4y1', name: 'get_weather', json: '{"city":"Oslo"}' },
        { type: 'tool-call', id: 'get_time_8r3k1c8v5c7k', name: 'get_time', json: '{}' },
      ],
      finishReason: 'tool_calls',
    });
  });

  test.each([
    ['COMPLETE', 'stop'],
    ['STOP_SEQUENCE', 'stop'],
    ['MAX_TOKENS', 'length'],
    ['TOOL_CALL', 'tool_calls'],
    ['SOMETHING_NEW', 'other'],
    [null, undefined],
  ])('finish_reason %s', (reason, wanted) => {
    expect(cohereChat.readFinishReason({ finish_reason: reason })).toBe(wanted);
  });

  test('where only what is billed is told, it counts', () => {
    const usage = cohereChat.readUsage({ usage: { billed_units: { input_tokens: 3, output_tokens: 4 } } });
    expect(usage).toMatchObject({ inputTokens: 3, outputTokens: 4 });
  });

  test.each<[JsonObject, JsonObject | undefined]>([
    [{ message: { role: 'assistant', content: [] }, finish_reason: 'COMPLETE' }, undefined],
    [{ message: {}, finish_reason: 'ERROR' }, { message: 'ended with finish_reason "ERROR"' }],
    [{ message: {}, finish_reason: 'TIMEOUT' }, { message: 'ended with finish_reason "TIMEOUT"' }],
    [
      { id: '1', message: 'no' },
      { id: '1', message: 'no' },
    ],
    [{}, { message: 'answered without a message' }],
  ])('%j is no failure, or which it is', (body, failure) => {
    expect(cohereChat.failureIn(body)).toEqual(failure);
  });
});

describe('streams', () => {
  const usage = { inputTokens: 71, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 12, reasoningTokens: 0 };

  test('thoughts, text, an end; citations mean nothing', () => {
    expect(decodeStream(fixture('cohere-chat/stream.sse'))).toEqual([
      { type: 'start', id: '29f14a5a-11de-4cae-9800-25e4747408ea' },
      { type: 'reasoning', text: 'A refund, then.' },
      { type: 'text', text: 'The ticket' },
      { type: 'text', text: ' asks for a refund.' },
      { type: 'finish', reason: 'stop' },
      { type: 'usage', usage },
    ]);
  });

  test('a plan, and calls whose arguments come in pieces or at once', () => {
    expect(decodeStream(fixture('cohere-chat/stream-tools.sse')).slice(1, -1)).toEqual([
      { type: 'text', text: 'I will' },
      { type: 'text', text: ' look.' },
      { type: 'tool-call', index: 0, id: 'get_weather_n1pxt3q2f4y1', name: 'get_weather' },
      { type: 'tool-arguments', index: 0, json: '{"city":' },
      { type: 'tool-arguments', index: 0, json: '"Oslo"}' },
      { type: 'tool-call', index: 1, id: 'get_time_8r3k1c8v5c7k', name: 'get_time' },
      { type: 'tool-arguments', index: 1, json: '{}' },
      { type: 'finish', reason: 'tool_calls' },
    ]);
  });

  test('a generation that failed, in the provider’s words where there are any', () => {
    const end = (delta: JsonObject) => event({ type: 'message-end', delta })?.failure;
    expect(end({ finish_reason: 'ERROR', error: 'out of memory' })).toEqual({ message: 'out of memory' });
    expect(end({ finish_reason: 'TIMEOUT' })).toEqual({ message: 'ended with finish_reason "TIMEOUT"' });
    expect(event({ id: '1', message: 'too many requests' })?.failure).toMatchObject({ message: 'too many requests' });
  });

  test('the last event is the end; others that are not known are passed over', () => {
    expect(event({ type: 'message-end', delta: { finish_reason: 'COMPLETE' } })).toMatchObject({ end: true });
    expect(event({ type: 'debug', prompt: 'x' })).toMatchObject({ parts: [] });
    expect(
      cohereChat.streamDecoder().decode({ data: '{"type":"content-de', event: undefined, id: undefined }),
    ).toBeUndefined();
  });
});
