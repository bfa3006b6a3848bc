import { describe, expect, test } from 'vitest';
import type { JsonObject } from '@x/core';
import { TranslationNotes } from '../../../hub/notes.ts';
import type { ChatMessage, ChatRequest } from '../../../hub/request.ts';
import { EMPTY_REQUEST } from '../../../testing/hub-requests.ts';
import { thrownBy } from '../../../testing/rejection.ts';
import { DEFAULT_QUIRKS } from '../../quirks.ts';
import { decodeRequest } from './decode-request.ts';
import { encodeRequest } from './encode-request.ts';
import { claudeModel } from './models.ts';

const SONNET = 'claude-3-5-sonnet-20241022';
const text = (value: string) => ({ type: 'text', text: value }) as const;

function encode(change: Partial<ChatRequest>, model = SONNET) {
  const notes = new TranslationNotes();
  const body = encodeRequest({ ...EMPTY_REQUEST, ...change }, { model, quirks: DEFAULT_QUIRKS, notes });
  return { body, headers: notes.headers() };
}

function decode(body: JsonObject) {
  const notes = new TranslationNotes();
  const messages = [{ role: 'user', content: 'Hello' }];
  return { request: decodeRequest({ max_tokens: 5, messages, ...body }, notes), headers: notes.headers() };
}

describe('max_tokens, which Anthropic wants', () => {
  test('is the caller’s', () => {
    expect(encode({ maxTokens: 100 })).toMatchObject({ body: { max_tokens: 100 }, headers: {} });
  });

  test.each([
    [SONNET, 8_192],
    ['claude-3-haiku-20240307', 4_096],
    ['claude-3-7-sonnet-20250219', 64_000],
    ['claude-opus-4-20250514', 32_000],
    ['claude-opus-4-1-20250805', 32_000],
    ['claude-opus-4-5-20251101', 64_000],
    ['claude-sonnet-4-20250514', 64_000],
    ['claude-sonnet-4-6', 128_000],
    ['claude-haiku-4-5-20251001', 64_000],
    ['claude-of-tomorrow', 128_000],
    ['kimi-k2', 4_096],
  ])('is the maximum of %s where the caller gave none, and says so', (model, expected) => {
    const { body, headers } = encode({}, model);
    expect(body['max_tokens']).toBe(expected);
    expect(headers['x-gateway-adjusted']).toBe(`max_tokens=${expected}`);
  });

  test('is no more than the model has', () => {
    expect(encode({ maxTokens: 100_000 })).toMatchObject({
      body: { max_tokens: 8_192 },
      headers: { 'x-gateway-adjusted': 'max_tokens=8192' },
    });
  });
});

test('seeds and penalties have no equivalent, and are noted', () => {
  const { headers } = encode({ maxTokens: 9, seed: 7, presencePenalty: 0.5, frequencyPenalty: -1 });
  expect(headers).toEqual({ 'x-gateway-dropped': 'seed, presence_penalty, frequency_penalty' });
});

describe('messages', () => {
  const encoded = (messages: readonly ChatMessage[]) => encode({ messages }).body['messages'];

  test('neighbours of one role are one message, tool results before all else', () => {
    const call = (id: string) => ({ type: 'tool-call', id, name: 'f', json: '{"x":1}' }) as const;
    expect(
      encoded([
        { role: 'user', content: [text('one')] },
        { role: 'user', content: [text('two')] },
        { role: 'assistant', content: [call('a'), call('b')] },
        { role: 'user', content: [text('wait')] },
        { role: 'tool', id: 'a', content: [text('1')], isError: false },
        { role: 'tool', id: 'b', content: [text('no'), text('way')], isError: true },
        { role: 'user', content: [text('and?')] },
      ]),
    ).toEqual([
      { role: 'user', content: [text('one'), text('two')] },
      {
        role: 'assistant',
        content: [
          { type: 'tool_use', id: 'a', name: 'f', input: { x: 1 } },
          { type: 'tool_use', id: 'b', name: 'f', input: { x: 1 } },
        ],
      },
      {
        role: 'user',
        content: [
          { type: 'tool_result', tool_use_id: 'a', content: '1' },
          { type: 'tool_result', tool_use_id: 'b', content: [text('no'), text('way')], is_error: true },
          text('wait'),
          text('and?'),
        ],
      },
    ]);
  });

  test('empty texts and empty messages are left out, white space at the end of a prefill too', () => {
    expect(
      encoded([
        { role: 'user', content: [text('  '), text('Hi')] },
        { role: 'assistant', content: [text('')] },
        { role: 'user', content: [text('Go on')] },
        { role: 'assistant', content: [text('The answer is \n')] },
      ]),
    ).toEqual([
      { role: 'user', content: [text('Hi'), text('Go on')] },
      { role: 'assistant', content: 'The answer is' },
    ]);
  });

  test('nothing at all is the caller’s mistake', () => {
    expect(thrownBy(() => encoded([{ role: 'user', content: [text(' ')] }])).param).toBe('messages');
  });

  test('instructions in the middle are the user’s words', () => {
    expect(encoded([{ role: 'system', content: [text('Be brief.')] }])).toEqual([
      { role: 'user', content: 'Be brief.' },
    ]);
  });

  test('ids that Anthropic would refuse are made fit, calls and results alike', () => {
    const messages = encoded([
      { role: 'user', content: [text('x')] },
      { role: 'assistant', content: [{ type: 'tool-call', id: 'functions.f:0', name: 'f', json: '{' }] },
      { role: 'tool', id: 'functions.f:0', content: [], isError: false },
    ]);
    expect(messages).toMatchObject([
      {},
      { content: [{ id: 'functions_f_0', input: { invalid_json: '{' } }] },
      { content: [{ tool_use_id: 'functions_f_0' }] },
    ]);
  });

  test('thoughts go back with their signature or not at all', () => {
    const { body, headers } = encode({
      messages: [
        { role: 'user', content: [text('x')] },
        {
          role: 'assistant',
          content: [
            { type: 'reasoning', text: 'signed', signature: 's' },
            { type: 'redacted-reasoning', data: 'r' },
            { type: 'reasoning', text: 'unsigned' },
            text('Hi'),
          ],
        },
        { role: 'user', content: [text('y')] },
      ],
    });
    expect(body['messages']).toMatchObject([
      {},
      {
        content: [
          { type: 'thinking', thinking: 'signed', signature: 's' },
          { type: 'redacted_thinking', data: 'r' },
          text('Hi'),
        ],
      },
      {},
    ]);
    expect(headers['x-gateway-dropped']).toBe('messages[].reasoning_content');
  });
});

describe('what a model takes', () => {
  test('a temperature above 1 is sent as 1, which is said', () => {
    expect(encode({ temperature: 1.4, maxTokens: 1 })).toMatchObject({
      body: { temperature: 1 },
      headers: { 'x-gateway-adjusted': 'temperature=1' },
    });
  });

  test('the newest models refuse sampling parameters: they are left out with a note', () => {
    const { body, headers } = encode({ temperature: 0.1, topP: 0.5, topK: 4, maxTokens: 1 }, 'claude-opus-5');
    expect(Object.keys(body).toSorted()).toEqual(['max_tokens', 'messages', 'model']);
    expect(headers['x-gateway-dropped']).toBe('temperature, top_p, top_k');
  });

  test('a forced tool is rejected where it cannot be', () => {
    const tools = [{ name: 'f', parameters: {} }];
    expect(thrownBy(() => encode({ tools, toolChoice: 'required' }, 'claude-opus-5-5')).param).toBe('tool_choice');
    expect(encode({ tools, toolChoice: { name: 'f' } }).body['tool_choice']).toEqual({ type: 'tool', name: 'f' });
  });

  test('a schema for the answer', () => {
    const responseFormat = { type: 'json-schema', schema: { type: 'object' } } as const;
    expect(encode({ responseFormat }, 'claude-sonnet-4-5').body['output_config']).toEqual({
      format: { type: 'json_schema', schema: { type: 'object' } },
    });
    expect(thrownBy(() => encode({ responseFormat })).param).toBe('response_format');
    expect(encode({ responseFormat: { type: 'json' } }).headers['x-gateway-dropped']).toBe('response_format');
  });

  test.each([
    ['claude-sonnet-4-6', 'medium', 'medium', undefined],
    ['claude-sonnet-4-6', 'minimal', 'low', 'reasoning_effort=low'],
    ['claude-sonnet-4-6', 'xhigh', 'high', 'reasoning_effort=high'],
    ['claude-opus-5', 'xhigh', 'xhigh', undefined],
  ])('%s thinks as hard as asked: %s', (model, effort, level, adjusted) => {
    const { body, headers } = encode({ effort, maxTokens: 1 }, model);
    expect(body['output_config']).toEqual({ effort: level });
    expect(headers['x-gateway-adjusted']).toBe(adjusted);
  });

  test('older ones do not know effort', () => {
    expect(encode({ effort: 'high' })).toMatchObject({ headers: { 'x-gateway-dropped': 'reasoning_effort' } });
    expect(claudeModel(SONNET).efforts).toEqual([]);
  });

  test('parallel calls are switched off where tools may be chosen', () => {
    const tools = [{ name: 'f', parameters: {} }];
    const choice = (change: Partial<ChatRequest>) => encode({ tools, ...change }).body['tool_choice'];
    expect(choice({ parallelToolCalls: false })).toEqual({ type: 'auto', disable_parallel_tool_use: true });
    expect(choice({ parallelToolCalls: false, toolChoice: 'none' })).toEqual({ type: 'none' });
    expect(choice({})).toBeUndefined();
    expect(encode({ toolChoice: 'auto' }).body).not.toHaveProperty('tool_choice');
  });
});

describe('a caller of this dialect', () => {
  test('system, tools, images, documents and results are read', () => {
    const { request } = decode({
      system: [{ type: 'text', text: 'Be brief.', cache_control: { type: 'ephemeral' } }],
      tools: [{ name: 'f', description: 'd', input_schema: { type: 'object' } }],
      tool_choice: { type: 'any', disable_parallel_tool_use: true },
      metadata: { user_id: 'u' },
      output_config: { effort: 'low', format: { type: 'json_schema', schema: { type: 'object' } } },
      stop_sequences: ['END'],
      messages: [
        {
          role: 'user',
          content: [
            text('before'),
            { type: 'tool_result', tool_use_id: 't', content: [text('r')], is_error: true },
            { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
            { type: 'document', title: 'a', source: { type: 'base64', media_type: 'application/pdf', data: 'BBBB' } },
            { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'plain' } },
          ],
        },
      ],
    });
    expect(request).toEqual({
      system: [{ type: 'text', text: 'Be brief.', cache: { type: 'ephemeral' } }],
      messages: [
        { role: 'tool', id: 't', content: [text('r')], isError: true },
        {
          role: 'user',
          content: [
            text('before'),
            { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AAAA' } },
            { type: 'file', mediaType: 'application/pdf', data: 'BBBB', name: 'a' },
            text('plain'),
          ],
        },
      ],
      tools: [{ name: 'f', description: 'd', parameters: { type: 'object' } }],
      toolChoice: 'required',
      parallelToolCalls: false,
      maxTokens: 5,
      temperature: undefined,
      topP: undefined,
      topK: undefined,
      stop: ['END'],
      responseFormat: { type: 'json-schema', schema: { type: 'object' } },
      effort: 'low',
      user: 'u',
      stream: false,
    });
  });

  test.each<[string, string, JsonObject]>([
    ['unsupported_field', 'mcp_servers', { mcp_servers: [{ url: 'https://x.test' }] }],
    ['unsupported_field', 'inference_geo', { inference_geo: 'us' }],
    ['unsupported_field', 'tools[0].type', { tools: [{ type: 'web_search_20250305', name: 'web_search' }] }],
    [
      'unsupported_field',
      'messages[0].content[0].type',
      { messages: [{ role: 'user', content: [{ type: 'search_result' }] }] },
    ],
    [
      'unsupported_field',
      'messages[0].content[0].source.type',
      { messages: [{ role: 'user', content: [{ type: 'image', source: { type: 'file' } }] }] },
    ],
    ['invalid_field', 'messages[0].role', { messages: [{ role: 'tool', content: 'x' }] }],
    ['invalid_field', 'messages[0].content', { messages: [{ role: 'user', content: 7 }] }],
    ['invalid_field', 'temperature', { temperature: 1.5 }],
    ['invalid_field', 'tools[0].input_schema', { tools: [{ name: 'f' }] }],
    ['invalid_field', 'tool_choice.type', { tool_choice: { type: 'some' } }],
    ['invalid_field', 'system', { system: 5 }],
  ])('%s %s', (code, param, body) => {
    expect(thrownBy(() => decode(body))).toMatchObject({ kind: 'invalid_request', code, param });
  });

  test('what can be missed is noted', () => {
    const extras = { thinking: { type: 'adaptive' }, service_tier: 'auto', mcp_servers: [] };
    expect(decode(extras).headers['x-gateway-dropped']).toBe('thinking, service_tier, mcp_servers');
  });
});
