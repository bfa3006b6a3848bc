import { describe, expect, test } from 'vitest';
import type { JsonObject } from '@x/core';
import { fixture } from '../testing/fixture.ts';
import { codec } from './lookup.ts';

const openai = codec('openai.chat');
const anthropic = codec('anthropic.messages');
const META = { id: 'req-1', model: 'm', now: 1_795_305_600_500 };
const read = (path: string) => JSON.parse(fixture(path)) as JsonObject;

describe('whole answers', () => {
  test('OpenAI’s is read', () => {
    expect(openai.decodeAnswer(read('openai-chat/complete.json'))).toEqual({
      id: 'chatcmpl-Bz1',
      model: 'gpt-4o-mini-2024-07-18',
      content: [{ type: 'text', text: 'The ticket asks for a refund.' }],
      finishReason: 'stop',
      usage: { inputTokens: 96, cacheReadTokens: 1_024, cacheWriteTokens: 0, outputTokens: 8, reasoningTokens: 40 },
    });
  });

  test('Anthropic’s, with thoughts and calls, is written for a caller of OpenAI', () => {
    const answer = anthropic.decodeAnswer(read('anthropic-messages/complete-tools.json'));
    expect(openai.encodeAnswer(answer, META)).toEqual({
      id: 'msg_01B',
      object: 'chat.completion',
      created: 1_795_305_600,
      model: 'claude-sonnet-4-5-20250929',
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: 'I will look.',
            refusal: null,
            reasoning_content: 'Two lookups are needed.',
            reasoning_details: [
              { type: 'reasoning.text', text: 'Two lookups are needed.', signature: 'EqQBsig==' },
              { type: 'reasoning.encrypted', data: 'EmwKred==' },
            ],
            tool_calls: [
              { id: 'toolu_01', type: 'function', function: { name: 'get_weather', arguments: '{"city":"Oslo"}' } },
              { id: 'toolu_02', type: 'function', function: { name: 'get_time', arguments: '{}' } },
            ],
          },
          logprobs: null,
          finish_reason: 'tool_calls',
        },
      ],
      usage: {
        prompt_tokens: 300,
        completion_tokens: 120,
        total_tokens: 420,
        prompt_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: 70 },
      },
    });
  });

  test('OpenAI’s, with calls, is written for a caller of Anthropic', () => {
    const answer = openai.decodeAnswer(read('openai-chat/complete-tools.json'));
    expect(anthropic.encodeAnswer(answer, META)).toEqual({
      id: 'chatcmpl-Bz2',
      type: 'message',
      role: 'assistant',
      model: 'gpt-4o-mini-2024-07-18',
      content: [
        { type: 'tool_use', id: 'call_a1', name: 'get_weather', input: { city: 'Oslo' } },
        { type: 'tool_use', id: 'call_b2', name: 'get_time', input: {} },
      ],
      stop_reason: 'tool_use',
      stop_sequence: null,
      usage: { input_tokens: 81, cache_creation_input_tokens: 0, cache_read_input_tokens: 0, output_tokens: 35 },
    });
  });

  test.each([openai, anthropic])('$dialect: what is written is read again', (each) => {
    const answer = anthropic.decodeAnswer(read('anthropic-messages/complete-tools.json'));
    const again = each.decodeAnswer(each.encodeAnswer(answer, META));
    const byType = (content: typeof answer.content) => content.toSorted((a, b) => a.type.localeCompare(b.type));
    expect(byType(again.content)).toEqual(byType(answer.content));
    expect({ ...again, content: [] }).toEqual({ ...answer, content: [] });
  });
});

describe('finish reasons', () => {
  const openaiReason = (reason: string, message: JsonObject = {}) =>
    openai.readFinishReason({ choices: [{ finish_reason: reason, message }] });

  test.each([
    ['stop', 'stop'],
    ['eos', 'stop'],
    ['length', 'length'],
    ['model_length', 'length'],
    ['tool_calls', 'tool_calls'],
    ['function_call', 'tool_calls'],
    ['content_filter', 'content_filter'],
    ['new_one', 'other'],
  ])('OpenAI’s %s is %s', (reason, expected) => {
    expect(openaiReason(reason)).toBe(expected);
  });

  test('Google says stop where the answer is a call', () => {
    expect(openaiReason('stop', { tool_calls: [{ function: { name: 'f' } }] })).toBe('tool_calls');
  });

  test.each([
    ['end_turn', 'stop', 'end_turn'],
    ['stop_sequence', 'stop', 'end_turn'],
    ['max_tokens', 'length', 'max_tokens'],
    ['model_context_window_exceeded', 'length', 'max_tokens'],
    ['tool_use', 'tool_calls', 'tool_use'],
    ['refusal', 'content_filter', 'refusal'],
    ['pause_turn', 'other', 'end_turn'],
  ])('Anthropic’s %s is %s', (reason, expected, written) => {
    const finishReason = anthropic.readFinishReason({ stop_reason: reason });
    expect(finishReason).toBe(expected);
    const answer = { id: undefined, model: undefined, content: [], finishReason, usage: undefined };
    expect(anthropic.encodeAnswer(answer, META)).toMatchObject({ id: 'req-1', model: 'm', stop_reason: written });
  });

  test('a refusal is one for callers of Anthropic too', () => {
    const answer = openai.decodeAnswer({ choices: [{ message: { refusal: 'No.' }, finish_reason: 'stop' }] });
    expect(anthropic.encodeAnswer(answer, META)).toMatchObject({
      content: [{ type: 'text', text: 'No.' }],
      stop_reason: 'refusal',
    });
  });
});

describe('a 200 that is no answer', () => {
  test.each<[string, JsonObject]>([
    ['an error', { error: { message: 'x' } }],
    ['an error as text', { error: 'x' }],
    ['no choices', {}],
    ['empty choices', { choices: [] }],
    ['a choice that failed', { choices: [{ finish_reason: 'error', error: { message: 'x' } }] }],
    ['DeepSeek out of resources', { choices: [{ finish_reason: 'insufficient_system_resource' }] }],
  ])('OpenAI: %s', (_name, body) => {
    expect(openai.failureIn(body)).toBeDefined();
  });

  test.each<[string, JsonObject]>([
    ['an error', { type: 'error', error: { type: 'overloaded_error' } }],
    ['no content', { type: 'message' }],
  ])('Anthropic: %s', (_name, body) => {
    expect(anthropic.failureIn(body)).toBeDefined();
  });

  test('proper ones are', () => {
    expect(openai.failureIn(read('openai-chat/complete.json'))).toBeUndefined();
    expect(anthropic.failureIn(read('anthropic-messages/complete.json'))).toBeUndefined();
  });
});

test('Mistral’s content in parts', () => {
  const content = [
    { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] },
    { type: 'text', text: 'Hi' },
  ];
  expect(openai.decodeAnswer({ choices: [{ message: { content } }] }).content).toEqual([
    { type: 'reasoning', text: 'hm' },
    { type: 'text', text: 'Hi' },
  ]);
});
