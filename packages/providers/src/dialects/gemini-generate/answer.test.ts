import { describe, expect, test } from 'vitest';
import { PipelineError, type JsonObject, type StreamPart } from '@x/core';
import { fixture } from '../../testing/fixture.ts';
import { codec } from '../lookup.ts';

const gemini = codec('gemini.generate');
const META = { id: 'req-1', model: 'm', now: 0, includeUsage: true };
const read = (path: string) => JSON.parse(fixture(`gemini-generate/${path}`)) as JsonObject;
const events = (path: string) =>
  fixture(`gemini-generate/${path}`)
    .split('\n\n')
    .filter((event) => event !== '');

function decodeStream(path: string): StreamPart[] {
  const decoder = gemini.streamDecoder('req-1');
  return events(path).flatMap((event) => [
    ...(decoder.decode({ data: event.slice('data: '.length), event: undefined, id: undefined })?.parts ?? []),
  ]);
}

const chunksOf = (frames: string) =>
  frames
    .split('\n\n')
    .filter((frame) => frame !== '')
    .map((frame) => JSON.parse(frame.replace(/^data: /, '')) as JsonObject);

describe('whole answers', () => {
  test('token counts fall into classes that do not overlap', () => {
    expect(gemini.decodeAnswer(read('complete.json'))).toEqual({
      id: 'mAQiac-1',
      model: 'gemini-2.5-flash',
      content: [{ type: 'text', text: 'The ticket asks for a refund.' }],
      finishReason: 'stop',
      usage: { inputTokens: 96, cacheReadTokens: 1_024, cacheWriteTokens: 0, outputTokens: 8, reasoningTokens: 40 },
    });
  });

  test('thoughts, calls and their signatures', () => {
    const answer = gemini.decodeAnswer(read('complete-tools.json'), 'req-1');
    expect(answer).toMatchObject({
      finishReason: 'tool_calls',
      content: [
        { type: 'reasoning', text: 'Two lookups are needed.' },
        { type: 'text', text: 'I will look.' },
        { type: 'tool-call', id: 'call_req1_0', name: 'get_weather', json: '{"city":"Oslo"}', signature: 'CpQBsig==' },
        { type: 'tool-call', id: 'fc-2', name: 'get_time', json: '{}' },
      ],
    });
    expect(gemini.decodeAnswer(gemini.encodeAnswer(answer, META))).toEqual(answer);
  });
});

describe('finish reasons', () => {
  const withReason = (finishReason: string): JsonObject => ({
    candidates: [{ content: { parts: [{ text: 'x' }] }, finishReason }],
  });

  test.each([
    ['STOP', 'stop', 'STOP'],
    ['MAX_TOKENS', 'length', 'MAX_TOKENS'],
    ['SAFETY', 'content_filter', 'SAFETY'],
    ['RECITATION', 'content_filter', 'SAFETY'],
    ['PROHIBITED_CONTENT', 'content_filter', 'SAFETY'],
    ['SPII', 'content_filter', 'SAFETY'],
    ['IMAGE_SAFETY', 'content_filter', 'SAFETY'],
    ['OTHER', 'other', 'STOP'],
    ['NEW_ONE', 'other', 'STOP'],
  ])('%s is %s', (reason, expected, written) => {
    const answer = gemini.decodeAnswer(withReason(reason));
    expect(gemini.failureIn(withReason(reason))).toBeUndefined();
    expect(answer.finishReason).toBe(expected);
    expect(gemini.encodeAnswer(answer, META)).toMatchObject({ candidates: [{ finishReason: written }] });
  });

  test.each(['MALFORMED_FUNCTION_CALL', 'UNEXPECTED_TOOL_CALL'])('%s is a failure', (reason) => {
    expect(gemini.failureIn(withReason(reason))).toMatchObject({ code: reason });
  });

  test('a blocked prompt is a filtered answer', () => {
    const body = { promptFeedback: { blockReason: 'PROHIBITED_CONTENT' }, usageMetadata: { promptTokenCount: 4 } };
    expect(gemini.failureIn(body)).toBeUndefined();
    expect(gemini.decodeAnswer(body)).toMatchObject({
      content: [],
      finishReason: 'content_filter',
      usage: { inputTokens: 4 },
    });
  });

  test.each<JsonObject>([
    {},
    { candidates: [] },
    { error: { code: 500 } },
    { candidates: [{ finishReason: 'OTHER' }] },
  ])('%j is no answer', (body) => {
    expect(gemini.failureIn(body)).toBeDefined();
  });
});

describe('streams', () => {
  test('pitfall 6: a call comes in one piece', () => {
    expect(decodeStream('stream-tools.sse').filter(({ type }) => type !== 'usage')).toEqual([
      { type: 'start', id: 'mAQiac-4', model: 'gemini-3-pro-preview' },
      { type: 'reasoning', text: 'Two lookups' },
      { type: 'tool-call', index: 0, id: 'call_req1_0', name: 'get_weather', signature: 'CpQBsig==' },
      { type: 'tool-arguments', index: 0, json: '{"city":"Oslo"}' },
      { type: 'tool-call', index: 1, id: 'call_req1_1', name: 'get_time' },
      { type: 'tool-arguments', index: 1, json: '{}' },
      { type: 'finish', reason: 'tool_calls' },
    ]);
  });

  test.each(['stream.sse', 'stream-tools.sse'])('%s: what is written is read again', (path) => {
    const parts = decodeStream(path);
    const encoder = gemini.streamEncoder(META);
    const frames = parts.map((part) => encoder.encode(part)).join('') + encoder.end();
    const decoder = gemini.streamDecoder();
    const again = chunksOf(frames).flatMap((chunk) => [
      ...(decoder.decode({ data: JSON.stringify(chunk), event: undefined, id: undefined })?.parts ?? []),
    ]);
    const last = parts.findLast(({ type }) => type === 'usage');
    expect(again).toEqual([...parts.filter(({ type }) => type !== 'usage'), last]);
  });

  test('the signature of a call reaches callers of OpenAI, and is read from Google’s OpenAI surface', () => {
    const openai = codec('openai.chat');
    const encoder = openai.streamEncoder(META);
    const frames = decodeStream('stream-tools.sse')
      .map((part) => encoder.encode(part))
      .join('');
    expect(frames).toContain('"extra_content":{"google":{"thought_signature":"CpQBsig=="}}');
    const decoder = openai.streamDecoder();
    const again = chunksOf(frames).flatMap((chunk) => [
      ...(decoder.decode({ data: JSON.stringify(chunk), event: undefined, id: undefined })?.parts ?? []),
    ]);
    expect(again).toContainEqual(expect.objectContaining({ type: 'tool-call', index: 0, signature: 'CpQBsig==' }));
  });

  test('pitfall 7: fragments of parallel calls that arrive mixed go out as whole calls', () => {
    const encoder = gemini.streamEncoder(META);
    const parts: StreamPart[] = [
      { type: 'tool-call', index: 0, id: 'a', name: 'f' },
      { type: 'tool-arguments', index: 0, json: '{"x"' },
      { type: 'tool-call', index: 1, id: 'b', name: 'g' },
      { type: 'tool-arguments', index: 1, json: '{}' },
      { type: 'tool-arguments', index: 0, json: ':1}' },
      { type: 'finish', reason: 'tool_calls' },
    ];
    expect(parts.map((part) => encoder.encode(part)).join('')).toBe('');
    expect(chunksOf(encoder.end())).toMatchObject([
      {
        candidates: [
          {
            content: {
              parts: [
                { functionCall: { id: 'a', name: 'f', args: { x: 1 } } },
                { functionCall: { id: 'b', name: 'g', args: {} } },
              ],
            },
            finishReason: 'STOP',
          },
        ],
        modelVersion: 'm',
        responseId: 'req-1',
      },
    ]);
  });

  test('regression: each event has content, or Google’s client forgets the turn', () => {
    const encoder = gemini.streamEncoder(META);
    const frames = encoder.encode({ type: 'text', text: 'Hi' }) + encoder.encode({ type: 'finish', reason: 'stop' });
    for (const chunk of chunksOf(frames + encoder.end())) {
      expect(chunk).toMatchObject({
        candidates: [{ content: { parts: [{ text: expect.any(String) }], role: 'model' } }],
      });
    }
  });

  test('a blocked prompt, an error and a malformed call', () => {
    const decode = (value: JsonObject) =>
      gemini.streamDecoder().decode({ data: JSON.stringify(value), event: undefined, id: undefined });
    expect(decode({ promptFeedback: { blockReason: 'SAFETY' } })?.parts).toContainEqual({
      type: 'finish',
      reason: 'content_filter',
    });
    expect(decode({ error: { code: 503, status: 'UNAVAILABLE' } })?.failure).toBeDefined();
    expect(decode({ candidates: [{ finishReason: 'MALFORMED_FUNCTION_CALL' }] })?.failure).toBeDefined();
  });
});

test('pitfall 16: an error has Google’s shape, with its hints as details', () => {
  const error = new PipelineError('rate_limited', 'slow down', { retryAfterMs: 1_500.2, param: 'contents' });
  const { status, headers, body } = gemini.encodeError(error);
  expect(status).toBe(429);
  expect(headers).toMatchObject({ 'retry-after': '2', 'retry-after-ms': '1501' });
  expect(JSON.parse(body)).toEqual({
    error: {
      code: 429,
      message: 'slow down',
      status: 'RESOURCE_EXHAUSTED',
      details: [
        { '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'RATE_LIMITED', domain: 'x-gateway' },
        { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '1.501s' },
        {
          '@type': 'type.googleapis.com/google.rpc.BadRequest',
          fieldViolations: [{ field: 'contents', description: 'slow down' }],
        },
      ],
    },
  });
  expect(gemini.encodeStreamError(error)).toMatch(/^data: \{"error":.*\}\n\n$/);
});
