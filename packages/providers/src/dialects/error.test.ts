import { describe, expect, test } from 'vitest';
import { ERROR_KINDS, PipelineError, type ErrorKind } from '@x/core';
import { codec } from './lookup.ts';

const KINDS = Object.keys(ERROR_KINDS) as ErrorKind[];
const openai = codec('openai.chat');
const anthropic = codec('anthropic.messages');
const responses = codec('openai.responses');

test.each(KINDS)('%s in both dialects', (kind) => {
  const error = new PipelineError(kind, 'what happened', { param: 'model' });
  const forOpenai = openai.encodeError(error);
  expect(forOpenai.status).toBe(ERROR_KINDS[kind].httpStatus);
  expect(JSON.parse(forOpenai.body)).toEqual({
    error: { message: 'what happened', type: expect.any(String), param: 'model', code: expect.any(String) },
  });
  const forAnthropic = anthropic.encodeError(error);
  expect(forAnthropic.status).toBe(ERROR_KINDS[kind].httpStatus);
  expect(JSON.parse(forAnthropic.body)).toEqual({
    type: 'error',
    error: { type: expect.stringMatching(/_error$|^request_too_large$/), message: 'what happened' },
  });
});

test('a code that is more specific than the kind is kept', () => {
  const code = (error: PipelineError) =>
    (JSON.parse(openai.encodeError(error).body) as { error: { code: string } }).error.code;
  expect(code(new PipelineError('invalid_request', 'x', { code: 'unknown_provider' }))).toBe('unknown_provider');
  expect(code(new PipelineError('invalid_request', 'x'))).toBe('invalid_request');
  expect(code(new PipelineError('context_length', 'x'))).toBe('context_length_exceeded');
});

describe('when to come back', () => {
  const headers = (retryAfterMs?: number) => {
    const { 'content-type': type, ...rest } = openai.encodeError(
      new PipelineError('rate_limited', 'x', { retryAfterMs }),
    ).headers;
    expect(type).toBe('application/json');
    return rest;
  };

  test.each([
    [0, { 'retry-after': '0', 'retry-after-ms': '0' }],
    [1, { 'retry-after': '1', 'retry-after-ms': '1' }],
    [1_500.2, { 'retry-after': '2', 'retry-after-ms': '1501' }],
    [60_000, { 'retry-after': '60', 'retry-after-ms': '60000' }],
  ])('%d ms', (ms, expected) => {
    expect(headers(ms)).toEqual(expected);
  });

  test('clients are not sent to sleep for more than a minute', () => {
    expect(headers(60_001)).toEqual({ 'retry-after': '61', 'retry-after-ms': '60001', 'x-should-retry': 'false' });
  });

  test('a final error stops the clients’ own retries', () => {
    expect(headers()).toEqual({ 'x-should-retry': 'false' });
  });
});

test('after the commit an error is one frame without a normal end', () => {
  const error = new PipelineError('stream_broken', 'cut\noff');
  expect(openai.encodeStreamError(error)).toMatch(/^data: \{"error":\{.*"cut\\noff".*\}\}\n\n$/);
  expect(anthropic.encodeStreamError(error)).toMatch(/^event: error\ndata: \{"type":"error",.*\}\n\n$/);
});

test('in Responses it is the next event by number', () => {
  const error = new PipelineError('stream_broken', 'cut off', { param: 'x' });
  const written =
    'data: {"sequence_number":6,"delta":"a"}\n\ndata: {"sequence_number":7,"delta":"\\"sequence_number\\":99"}\n\n';
  const frame = (before?: string) => {
    const [event, data = ''] = responses.encodeStreamError(error, before).split('\n');
    expect(event).toBe('event: error');
    return JSON.parse(data.slice('data: '.length)) as unknown;
  };
  const said = { type: 'error', code: 'stream_broken', message: 'cut off', param: 'x' };
  expect(frame(written)).toEqual({ ...said, sequence_number: 8 });
  expect(frame()).toEqual({ ...said, sequence_number: 0 });
});

test('a dialect without a codec is named', () => {
  expect(() => codec('cohere.chat')).toThrow(
    'codec: no codec for dialect "cohere.chat"; there are openai.chat, openai.responses, anthropic.messages',
  );
});
