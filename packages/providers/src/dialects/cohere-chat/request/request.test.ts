import type { JsonObject } from '@x/core';
import { describe, expect, test } from 'vitest';
import { TranslationNotes } from '../../../hub/notes.ts';
import { thrownBy } from '../../../testing/rejection.ts';
import { codec } from '../../lookup.ts';
import { DEFAULT_QUIRKS } from '../../quirks.ts';
import { cohereChat } from '../codec.ts';

const QUIRKS = { ...DEFAULT_QUIRKS, maxStops: 5 };
const USER = { role: 'user', content: 'Hi' };
const tool = (name: string, extra: JsonObject = {}) => ({
  type: 'function',
  function: { name, description: 'd', parameters: { type: 'object' }, ...extra },
});
const call = (id: string) => ({ id, type: 'function', function: { name: 'f', arguments: '{"a":1}' } });

/** What becomes of the body of a caller of OpenAI's dialect. */
function encode(members: JsonObject, model = 'command-a-03-2025') {
  const notes = new TranslationNotes();
  const request = codec('openai.chat').decodeRequest({ model: 'm', messages: [USER], ...members }, notes);
  return { body: cohereChat.encodeRequest(request, { model, quirks: QUIRKS, notes }), notes: notes.headers() };
}

test('a plain request', () => {
  const members = { max_tokens: 9, temperature: 0.5, top_p: 0.9, stop: ['a', 'b'], seed: 7, stream: true };
  expect(encode({ messages: [{ role: 'system', content: 'Be kind.' }, USER], ...members })).toEqual({
    body: {
      model: 'command-a-03-2025',
      messages: [{ role: 'system', content: 'Be kind.' }, USER],
      max_tokens: 9,
      temperature: 0.5,
      p: 0.9,
      stop_sequences: ['a', 'b'],
      seed: 7,
      stream: true,
    },
    notes: {},
  });
});

test('what has another range here becomes the nearest value, and is listed', () => {
  const { body, notes } = encode({ top_p: 1, frequency_penalty: -1, presence_penalty: 1.5, user: 'u' });
  expect(body).toMatchObject({ p: 0.99, frequency_penalty: 0, presence_penalty: 1 });
  expect(notes).toEqual({
    'x-gateway-dropped': 'user',
    'x-gateway-adjusted': 'top_p=0.99, frequency_penalty=0, presence_penalty=1',
  });
});

test('more stop sequences than are taken', () => {
  expect(thrownBy(() => encode({ stop: ['1', '2', '3', '4', '5', '6'] }))).toMatchObject({
    code: 'unsupported_field',
    param: 'stop',
  });
});

describe('messages', () => {
  const content = (...parts: JsonObject[]) => encode({ messages: [{ role: 'user', content: parts }] }).body['messages'];

  test('images by data and by address, beside text', () => {
    const data = { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } };
    const address = { type: 'image_url', image_url: { url: 'https://x.test/a.png' } };
    expect(content({ type: 'text', text: 'What?' }, data, address)).toEqual([
      { role: 'user', content: [{ type: 'text', text: 'What?' }, data, address] },
    ]);
  });

  test('a document is refused before any call', () => {
    const file = { type: 'file', file: { file_data: 'data:application/pdf;base64,JVBERi0=' } };
    expect(thrownBy(() => content(file))).toMatchObject({ code: 'unsupported_field', param: 'messages' });
  });

  test('what is empty is left out, and nothing at all is an error', () => {
    const empty = { role: 'assistant', content: '' };
    expect(encode({ messages: [USER, empty, USER] }).body['messages']).toEqual([USER, USER]);
    expect(thrownBy(() => encode({ messages: [empty] }))).toMatchObject({ code: 'invalid_field', param: 'messages' });
  });

  test('a loop of tools: words beside calls are the plan, and citations are not asked for', () => {
    const { body, notes } = encode({
      tools: [tool('f')],
      messages: [
        USER,
        { role: 'assistant', content: 'I will look.', tool_calls: [call('a'), call('b')] },
        { role: 'tool', tool_call_id: 'a', content: 'rain' },
        { role: 'tool', tool_call_id: 'b', content: [{ type: 'text', text: '12:00' }] },
      ],
    });
    expect(body['messages']).toEqual([
      USER,
      { role: 'assistant', tool_plan: 'I will look.', tool_calls: [call('a'), call('b')] },
      { role: 'tool', tool_call_id: 'a', content: 'rain' },
      { role: 'tool', tool_call_id: 'b', content: '12:00' },
    ]);
    expect(body['citation_options']).toEqual({ mode: 'OFF' });
    expect(notes).toEqual({ 'x-gateway-dropped': 'citations' });
  });

  test('an image that a tool returned follows the results, and hints of a cache are dropped', () => {
    const notes = new TranslationNotes();
    const image = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBORw0KGgo=' } };
    const request = codec('anthropic.messages').decodeRequest(
      {
        model: 'm',
        max_tokens: 9,
        messages: [
          { role: 'user', content: [{ type: 'text', text: 'Hi', cache_control: { type: 'ephemeral' } }] },
          { role: 'assistant', content: [{ type: 'tool_use', id: 'a', name: 'f', input: {} }] },
          { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'a', content: [image], is_error: true }] },
        ],
      },
      notes,
    );
    const { messages } = cohereChat.encodeRequest(request, { model: 'command-a-03-2025', quirks: QUIRKS, notes });
    expect((messages as JsonObject[]).slice(2)).toEqual([
      { role: 'tool', tool_call_id: 'a', content: '' },
      {
        role: 'user',
        content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } }],
      },
    ]);
    expect(notes.headers()['x-gateway-dropped']).toBe('cache_control, tool_result.is_error, citations');
  });

  test('thoughts go back to models that think, unless another provider signed them', () => {
    const said = (extra: JsonObject) => ({ role: 'assistant', content: 'x', reasoning_content: 'Hm.', ...extra });
    const messages = (extra: JsonObject, model?: string) => encode({ messages: [USER, said(extra)] }, model);
    expect(messages({}, 'command-a-reasoning-08-2025').body['messages']).toEqual([
      USER,
      {
        role: 'assistant',
        content: [
          { type: 'thinking', thinking: 'Hm.' },
          { type: 'text', text: 'x' },
        ],
      },
    ]);
    expect(messages({})).toMatchObject({
      body: { messages: [USER, { role: 'assistant', content: 'x' }] },
      notes: { 'x-gateway-dropped': 'messages[].reasoning_content' },
    });
  });
});

describe('tools', () => {
  const tools = [tool('f'), tool('g')];

  test.each<[JsonObject, JsonObject]>([
    [{}, { tools }],
    [{ tool_choice: 'auto' }, { tools }],
    [{ tool_choice: 'required' }, { tools, tool_choice: 'REQUIRED' }],
    [{ tool_choice: 'none' }, { tools, tool_choice: 'NONE' }],
    [
      { tool_choice: { type: 'function', function: { name: 'g' } } },
      { tools: [tools[1] ?? {}], tool_choice: 'REQUIRED' },
    ],
  ])('%j', (members, wanted) => {
    const { model: _model, messages: _messages, ...rest } = encode({ tools, ...members }).body;
    expect(rest).toEqual(wanted);
  });

  test('the choice of one that is not there', () => {
    const tool_choice = { type: 'function', function: { name: 'h' } };
    expect(thrownBy(() => encode({ tools, tool_choice }))).toMatchObject({ param: 'tool_choice' });
  });

  test('are strict all together or not at all; none is called alone', () => {
    const strict = [tool('f', { strict: true }), tool('g', { strict: true })];
    expect(encode({ tools: strict }).body).toMatchObject({ strict_tools: true });
    const some = encode({ tools: [...strict, tool('h')], parallel_tool_calls: false });
    expect(some.body['strict_tools']).toBeUndefined();
    expect(some.notes['x-gateway-dropped']).toBe('parallel_tool_calls, tools[].function.strict');
  });
});

describe('a form for the answer', () => {
  const schema = { type: 'object', properties: { a: { type: 'string' } } };
  const asked = { response_format: { type: 'json_schema', json_schema: { name: 'n', schema } } };

  test('JSON, or JSON after a schema', () => {
    expect(encode({ response_format: { type: 'json_object' } }).body).toMatchObject({
      response_format: { type: 'json_object' },
    });
    expect(encode(asked).body).toMatchObject({ response_format: { type: 'json_object', json_schema: schema } });
  });

  test('does not go with tools', () => {
    const tools = [tool('f')];
    expect(thrownBy(() => encode({ ...asked, tools }))).toMatchObject({ param: 'response_format' });
    expect(encode({ response_format: { type: 'json_object' }, tools }).notes).toEqual({
      'x-gateway-dropped': 'response_format',
    });
  });
});

test.each([
  ['command-a-reasoning-08-2025', 'high', { type: 'enabled' }, { 'x-gateway-adjusted': 'reasoning_effort=enabled' }],
  ['command-a-reasoning-08-2025', 'none', { type: 'disabled' }, {}],
  ['command-a-03-2025', 'high', undefined, { 'x-gateway-dropped': 'reasoning_effort' }],
])('%s asked for effort %s', (model, reasoning_effort, thinking, notes) => {
  const encoded = encode({ reasoning_effort }, model);
  expect(encoded.body['thinking']).toEqual(thinking);
  expect(encoded.notes).toEqual(notes);
});
