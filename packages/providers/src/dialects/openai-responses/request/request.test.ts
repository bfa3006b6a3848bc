import type { JsonObject } from '@x/core';
import { describe, expect, test } from 'vitest';
import { TranslationNotes } from '../../../hub/notes.ts';
import type { ChatRequest } from '../../../hub/request.ts';
import { sealThought } from '../../../hub/sealed-thought.ts';
import { EMPTY_REQUEST } from '../../../testing/hub-requests.ts';
import { codec } from '../../lookup.ts';
import { DEFAULT_QUIRKS } from '../../quirks.ts';

const responses = codec('openai.responses');
const decode = (body: JsonObject, notes = new TranslationNotes()) =>
  responses.decodeRequest({ model: 'm', input: 'Hi', ...body }, notes);
const encode = (request: Partial<ChatRequest>, model = 'gpt-4o', notes = new TranslationNotes()) =>
  responses.encodeRequest({ ...EMPTY_REQUEST, ...request }, { model, quirks: DEFAULT_QUIRKS, notes });

describe('input', () => {
  test('is a text, or items; leading instructions are the system’s', () => {
    expect(decode({ instructions: 'Be kind.' })).toMatchObject({
      system: [{ text: 'Be kind.' }],
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
    });
    const input = [
      { role: 'developer', content: 'Be brief.' },
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Hi' }] },
      { role: 'system', content: 'Now in verse.' },
    ];
    expect(decode({ instructions: 'Be kind.', input })).toMatchObject({
      system: [{ text: 'Be kind.' }, { text: 'Be brief.' }],
      messages: [{ role: 'user' }, { role: 'system', content: [{ text: 'Now in verse.' }] }],
    });
  });

  test('what the model said in one go is one message, parallel calls included', () => {
    const input = [
      { role: 'user', content: 'Weather?' },
      { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'Look.' }], encrypted_content: 'gAAA' },
      { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Looking.', annotations: [] }] },
      { type: 'function_call', id: 'fc_1', call_id: 'a', name: 'f', arguments: '{"x":1}' },
      { type: 'function_call', call_id: 'b', name: 'g', arguments: '' },
      { type: 'function_call_output', call_id: 'a', output: 'rain' },
      {
        type: 'function_call_output',
        call_id: 'b',
        output: [{ type: 'input_image', image_url: 'data:image/png;base64,AA==' }],
      },
      { role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }] },
    ];
    expect(decode({ input }).messages).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'Weather?' }] },
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'Look.', signature: sealThought({ id: 'rs_1', content: 'gAAA' }) },
          { type: 'text', text: 'Looking.' },
          { type: 'tool-call', id: 'a', name: 'f', json: '{"x":1}' },
          { type: 'tool-call', id: 'b', name: 'g', json: '' },
        ],
      },
      { role: 'tool', id: 'a', content: [{ type: 'text', text: 'rain' }], isError: false },
      {
        role: 'tool',
        id: 'b',
        content: [{ type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AA==' } }],
        isError: false,
      },
      { role: 'assistant', content: [{ type: 'refusal', text: 'No.' }] },
    ]);
  });

  test.each<[string, JsonObject]>([
    ['input', { input: null }],
    ['input[0]', { input: ['x'] }],
    ['input[0].role', { input: [{ role: 'tool', content: 'x' }] }],
    ['input[0].content', { input: [{ role: 'user', content: 5 }] }],
    ['input[0].content[0].type', { input: [{ role: 'user', content: [{ type: 'text', text: 'x' }] }] }],
    ['input[0].content[0].text', { input: [{ role: 'user', content: [{ type: 'input_text' }] }] }],
    ['input[0].content[0]', { input: [{ role: 'user', content: [{ type: 'input_audio' }] }] }],
    [
      'input[0].content[0].image_url',
      { input: [{ role: 'user', content: [{ type: 'input_image', image_url: 'x' }] }] },
    ],
    ['input[0].content[0].file_id', { input: [{ role: 'user', content: [{ type: 'input_file', file_id: 'f' }] }] }],
    ['input[0].content[0].file_url', { input: [{ role: 'user', content: [{ type: 'input_file', file_url: 'f' }] }] }],
    ['input[0].call_id', { input: [{ type: 'function_call', name: 'f', arguments: '{}' }] }],
    ['input[0].call_id', { input: [{ type: 'function_call_output', output: 'x' }] }],
    ['input[0].id', { input: [{ type: 'item_reference', id: 'msg_1' }] }],
    ['input[0].type', { input: [{ type: 'web_search_call', id: 'ws_1' }] }],
    ['tools[0].type', { tools: [{ type: 'web_search' }] }],
    ['tools[0].name', { tools: [{ type: 'function' }] }],
    ['tool_choice.type', { tool_choice: { type: 'web_search' } }],
    ['text.format.type', { text: { format: { type: 'grammar' } } }],
    ['text.format.schema', { text: { format: { type: 'json_schema', name: 'n' } } }],
    ['previous_response_id', { previous_response_id: 'resp_1' }],
    ['conversation', { conversation: { id: 'conv_1' } }],
    ['prompt', { prompt: { id: 'pmpt_1' } }],
    ['background', { background: true }],
    ['top_logprobs', { top_logprobs: 3 }],
    ['include[1]', { include: ['reasoning.encrypted_content', 'message.output_text.logprobs'] }],
    ['temperature', { temperature: 3 }],
    ['max_output_tokens', { max_output_tokens: 0 }],
    ['reasoning', { reasoning: 'high' }],
  ])('%s is named where it cannot be carried', (param, body) => {
    expect(() => decode(body)).toThrow(expect.objectContaining({ kind: 'invalid_request', param }) as Error);
  });

  test('what may be lost is noted, and what asks for nothing is not', () => {
    const notes = new TranslationNotes();
    decode({ store: false, truncation: 'disabled', background: false, service_tier: 'auto', top_logprobs: 0 }, notes);
    decode(
      { include: ['reasoning.encrypted_content'], previous_response_id: null, text: { verbosity: 'medium' } },
      notes,
    );
    expect(notes.headers()).toEqual({});
    decode({ store: true, truncation: 'auto', metadata: {}, text: { verbosity: 'low' } }, notes);
    decode({ reasoning: { summary: 'auto' }, include: ['web_search_call.results'] }, notes);
    expect(notes.headers()['x-gateway-dropped']).toBe(
      'store, truncation, metadata, text.verbosity, include, reasoning.summary',
    );
  });
});

describe('a request for Responses', () => {
  test('is not stored, has strict tools only where they are asked for, and as many instructions as there were', () => {
    const tool = { name: 'f', parameters: { type: 'object' } };
    expect(encode({ system: [{ type: 'text', text: 'Be kind.' }], tools: [tool], toolChoice: { name: 'f' } })).toEqual({
      model: 'gpt-4o',
      instructions: 'Be kind.',
      input: [{ role: 'user', content: 'Hello' }],
      tools: [{ type: 'function', ...tool, strict: false }],
      tool_choice: { type: 'function', name: 'f' },
      store: false,
    });
    const system = ['a', 'b'].map((text) => ({ type: 'text' as const, text }));
    expect(encode({ system })['input']).toMatchObject([
      { role: 'system', content: [{ type: 'input_text', text: 'a' }, { text: 'b' }] },
      { role: 'user' },
    ]);
  });

  test('asks a model that thinks for its thoughts, encrypted', () => {
    expect(encode({ effort: 'max', temperature: 0.5 }, 'gpt-5-mini')).toMatchObject({
      reasoning: { effort: 'high' },
      include: ['reasoning.encrypted_content'],
    });
    expect(encode({}, 'gpt-4o')).not.toHaveProperty('include');
  });

  test('hands thoughts back to those who sealed them alone', () => {
    const notes = new TranslationNotes();
    const content = [
      { type: 'reasoning', text: 'Mine.', signature: sealThought({ id: 'rs_1', content: 'gAAA' }) },
      { type: 'reasoning', text: 'Another’s.', signature: 'EqQB' },
      { type: 'redacted-reasoning', data: 'x' },
      { type: 'text', text: 'a' },
      { type: 'refusal', text: 'b' },
      { type: 'tool-call', id: 'c', name: 'f', json: '' },
    ] as const;
    expect(encode({ messages: [{ role: 'assistant', content }] }, 'o3', notes)['input']).toEqual([
      {
        type: 'reasoning',
        id: 'rs_1',
        summary: [{ type: 'summary_text', text: 'Mine.' }],
        encrypted_content: 'gAAA',
      },
      {
        type: 'message',
        role: 'assistant',
        content: [
          { type: 'output_text', text: 'a', annotations: [] },
          { type: 'refusal', refusal: 'b' },
        ],
      },
      { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
    ]);
    expect(notes.headers()).toEqual({ 'x-gateway-dropped': 'thinking' });
  });

  test('has no stop sequences, and no limit below 16', () => {
    expect(() => encode({ stop: ['a'] })).toThrow('stop is not supported by this provider');
    const notes = new TranslationNotes();
    expect(encode({ maxTokens: 5, seed: 1, topK: 2 }, 'gpt-4o', notes)).toMatchObject({ max_output_tokens: 16 });
    expect(notes.headers()).toEqual({ 'x-gateway-adjusted': 'max_tokens=16', 'x-gateway-dropped': 'top_k, seed' });
  });
});
