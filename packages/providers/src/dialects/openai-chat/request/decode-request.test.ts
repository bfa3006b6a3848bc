import { describe, expect, test } from 'vitest';
import type { JsonObject } from '@x/core';
import { TranslationNotes } from '../../../hub/notes.ts';
import { thrownBy } from '../../../testing/rejection.ts';
import { decodeRequest } from './decode-request.ts';

const HELLO = [{ role: 'user', content: 'Hello' }];

function decode(body: JsonObject) {
  const notes = new TranslationNotes();
  return { request: decodeRequest({ model: 'x/y', messages: HELLO, ...body }, notes), headers: notes.headers() };
}

test('a plain request', () => {
  const { request, headers } = decode({ max_tokens: 10, temperature: 0.5, stop: 'END', user: 'u1', fallbacks: [] });
  expect(request).toMatchObject({
    system: [],
    messages: [{ role: 'user', content: [{ type: 'text', text: 'Hello' }] }],
    maxTokens: 10,
    temperature: 0.5,
    stop: ['END'],
    user: 'u1',
    stream: false,
  });
  expect(headers).toEqual({});
});

test('leading system and developer messages are instructions, later ones keep their place', () => {
  const { request } = decode({
    messages: [
      { role: 'system', content: 'A' },
      { role: 'developer', content: [{ type: 'text', text: 'B', cache_control: { type: 'ephemeral' } }] },
      ...HELLO,
      { role: 'system', content: 'C' },
    ],
  });
  expect(request.system).toEqual([
    { type: 'text', text: 'A' },
    { type: 'text', text: 'B', cache: { type: 'ephemeral' } },
  ]);
  expect(request.messages.map((message) => message.role)).toEqual(['user', 'system']);
});

test('images, files, tool calls, tool results and reasoning', () => {
  const { request } = decode({
    messages: [
      {
        role: 'user',
        content: [
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA', detail: 'low' } },
          { type: 'image_url', image_url: { url: 'https://x.test/a.png' } },
          { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,BBBB' } },
        ],
      },
      {
        role: 'assistant',
        content: null,
        reasoning_details: [{ type: 'reasoning.text', text: 'hm', signature: 'sig' }],
        tool_calls: [{ id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }],
      },
      { role: 'tool', tool_call_id: 'c1', content: '7' },
    ],
  });
  expect(request.messages).toEqual([
    {
      role: 'user',
      content: [
        { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AAAA' } },
        { type: 'image', source: { kind: 'url', url: 'https://x.test/a.png' } },
        { type: 'file', mediaType: 'application/pdf', data: 'BBBB', name: 'a.pdf' },
      ],
    },
    {
      role: 'assistant',
      content: [
        { type: 'reasoning', text: 'hm', signature: 'sig' },
        { type: 'tool-call', id: 'c1', name: 'f', json: '{"a":1}' },
      ],
    },
    { role: 'tool', id: 'c1', content: [{ type: 'text', text: '7' }], isError: false },
  ]);
});

test('a newer limit wins over the deprecated one', () => {
  expect(decode({ max_tokens: 10, max_completion_tokens: 20 }).request.maxTokens).toBe(20);
});

describe('what must not be lost is rejected by its name', () => {
  test.each<[string, JsonObject]>([
    ['n', { n: 2 }],
    ['logprobs', { logprobs: true }],
    ['top_logprobs', { top_logprobs: 5 }],
    ['logit_bias', { logit_bias: { 50256: -100 } }],
    ['audio', { audio: { voice: 'alloy', format: 'mp3' } }],
    ['modalities', { modalities: ['text', 'audio'] }],
    ['functions', { functions: [{ name: 'f' }] }],
    ['function_call', { function_call: 'auto' }],
    ['web_search_options', { web_search_options: {} }],
    ['tools[0].type', { tools: [{ type: 'custom', custom: { name: 'x' } }] }],
    ['tool_choice.type', { tool_choice: { type: 'allowed_tools' } }],
    ['response_format.type', { response_format: { type: 'grammar' } }],
    ['messages[0].content[0]', { messages: [{ role: 'user', content: [{ type: 'input_audio' }] }] }],
    [
      'messages[0].content[0].file.file_id',
      { messages: [{ role: 'user', content: [{ type: 'file', file: { file_id: 'f' } }] }] },
    ],
    ['messages[0].role', { messages: [{ role: 'function', name: 'f', content: 'x' }] }],
    ['messages[0].function_call', { messages: [{ role: 'assistant', function_call: { name: 'f' } }] }],
    [
      'messages[0].content[0]',
      { messages: [{ role: 'system', content: [{ type: 'image_url', image_url: { url: 'https://x.test' } }] }] },
    ],
  ])('%s in %j', (param, body) => {
    const error = thrownBy(() => decode(body));
    expect(error).toMatchObject({ kind: 'invalid_request', code: 'unsupported_field', param });
  });
});

describe('what is wrong is rejected by its path', () => {
  test.each<[string, JsonObject]>([
    ['messages', { messages: 'Hello' }],
    ['messages[0]', { messages: ['Hello'] }],
    ['messages[0].role', { messages: [{ role: 'robot', content: 'x' }] }],
    ['messages[0].content', { messages: [{ role: 'user', content: 5 }] }],
    [
      'messages[0].content[1].text',
      { messages: [{ role: 'user', content: [{ type: 'text', text: 'a' }, { type: 'text' }] }] },
    ],
    [
      'messages[0].content[0].image_url.url',
      { messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'file:///etc/passwd' } }] }] },
    ],
    ['messages[0].tool_call_id', { messages: [{ role: 'tool', content: 'x' }] }],
    ['messages[0].tool_calls[0].id', { messages: [{ role: 'assistant', tool_calls: [{ function: { name: 'f' } }] }] }],
    ['temperature', { temperature: 3 }],
    ['temperature', { temperature: 'hot' }],
    ['max_tokens', { max_tokens: 0 }],
    ['stop[1]', { stop: ['a', 1] }],
    ['tool_choice', { tool_choice: 'maybe' }],
    ['response_format.json_schema.schema', { response_format: { type: 'json_schema', json_schema: { name: 'x' } } }],
    ['parallel_tool_calls', { parallel_tool_calls: 'yes' }],
  ])('%s in %j', (param, body) => {
    expect(thrownBy(() => decode(body))).toMatchObject({ kind: 'invalid_request', code: 'invalid_field', param });
  });
});

describe('what can be missed is noted', () => {
  test('metadata and unknown members', () => {
    const { headers } = decode({ metadata: { a: 'b' }, x_new: 1 });
    expect(headers).toEqual({ 'x-gateway-dropped': 'metadata, x_new' });
  });

  test('values that ask for nothing are not worth a note', () => {
    const neutral = {
      n: 1,
      seed: null,
      logprobs: false,
      presence_penalty: 0,
      store: false,
      logit_bias: {},
      modalities: ['text'],
    };
    expect(decode(neutral).headers).toEqual({});
  });
});
