import type { JsonObject } from '@x/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TranslationNotes } from '../../../hub/notes.ts';
import type { ChatRequest } from '../../../hub/request.ts';
import { EMPTY_REQUEST, sharedRequest } from '../../../testing/hub-requests.ts';
import { thrownBy } from '../../../testing/rejection.ts';
import { DEFAULT_QUIRKS } from '../../quirks.ts';
import { decodeRequest } from './decode-request.ts';
import { encodeRequest } from './encode-request.ts';

const CLAUDE = 'us.anthropic.claude-3-7-sonnet-20250219-v1:0';

function encode(request: Partial<ChatRequest>, model = CLAUDE) {
  const notes = new TranslationNotes();
  const body = encodeRequest({ ...EMPTY_REQUEST, ...request }, { model, quirks: DEFAULT_QUIRKS, notes });
  return { body, notes: notes.headers() };
}

const decode = (body: JsonObject) => decodeRequest(body, new TranslationNotes());
const said = (...content: JsonObject[]) => ({ messages: [{ role: 'user', content }] });
const text = (words: string) => ({ type: 'text' as const, text: words });

describe('a request of a caller that speaks Converse', () => {
  test('with everything in it', () => {
    const decoded = decode({
      system: [{ text: 'Be brief.' }, { cachePoint: { type: 'default', ttl: '1h' } }],
      messages: [
        {
          role: 'user',
          content: [
            { text: 'Look' },
            { image: { format: 'png', source: { bytes: 'aGk=' } } },
            { document: { format: 'pdf', name: 'report', source: { bytes: 'aGk=' } } },
            { cachePoint: { type: 'default' } },
          ],
        },
        {
          role: 'assistant',
          content: [
            { reasoningContent: { reasoningText: { text: 'hm', signature: 'sig' } } },
            { reasoningContent: { redactedContent: 'cmVk' } },
            { toolUse: { toolUseId: 't1', name: 'look', input: { at: 1 } } },
            { toolUse: { toolUseId: 't2', name: 'look', input: {} } },
          ],
        },
        {
          role: 'user',
          content: [
            { text: 'and?' },
            { toolResult: { toolUseId: 't1', content: [{ json: { a: 1 } }, { text: 'b' }] } },
            { toolResult: { toolUseId: 't2', content: [], status: 'error' } },
          ],
        },
      ],
      inferenceConfig: { maxTokens: 9, temperature: 0.5, topP: 0.9, stopSequences: ['END'] },
      toolConfig: {
        tools: [
          { toolSpec: { name: 'look', description: 'd', inputSchema: { json: { type: 'object' } } } },
          { cachePoint: { type: 'default' } },
        ],
        toolChoice: { tool: { name: 'look' } },
      },
      additionalModelRequestFields: { top_k: 5 },
      outputConfig: {
        effort: 'low',
        textFormat: { type: 'json_schema', structure: { jsonSchema: { schema: '{"type":"object"}' } } },
      },
    });
    expect(decoded).toEqual({
      system: [{ type: 'text', text: 'Be brief.', cache: { type: 'ephemeral', ttl: '1h' } }],
      messages: [
        {
          role: 'user',
          content: [
            text('Look'),
            { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'aGk=' } },
            { type: 'file', mediaType: 'application/pdf', data: 'aGk=', name: 'report', cache: { type: 'ephemeral' } },
          ],
        },
        {
          role: 'assistant',
          content: [
            { type: 'reasoning', text: 'hm', signature: 'sig' },
            { type: 'redacted-reasoning', data: 'cmVk' },
            { type: 'tool-call', id: 't1', name: 'look', json: '{"at":1}' },
            { type: 'tool-call', id: 't2', name: 'look', json: '{}' },
          ],
        },
        { role: 'tool', id: 't1', content: [text('{"a":1}'), text('b')], isError: false },
        { role: 'tool', id: 't2', content: [], isError: true },
        { role: 'user', content: [text('and?')] },
      ],
      tools: [{ name: 'look', description: 'd', parameters: { type: 'object' }, cache: { type: 'ephemeral' } }],
      toolChoice: { name: 'look' },
      parallelToolCalls: undefined,
      maxTokens: 9,
      temperature: 0.5,
      topP: 0.9,
      topK: 5,
      stop: ['END'],
      responseFormat: { type: 'json-schema', schema: { type: 'object' } },
      effort: 'low',
      user: undefined,
      stream: false,
    });
  });

  test.each<[string, JsonObject, string]>([
    ['no messages', {}, 'messages'],
    ['a role that is none', { messages: [{ role: 'system', content: [] }] }, 'messages[0].role'],
    ['content that is a text', { messages: [{ role: 'user', content: 'hi' }] }, 'messages[0].content'],
    ['a block that is null', { messages: [{ role: 'user', content: [null] }] }, 'messages[0].content[0]'],
    ['a text that is a number', said({ text: 1 }), 'messages[0].content[0].text'],
    [
      'an image at S3',
      said({ image: { format: 'png', source: { s3Location: {} } } }),
      'messages[0].content[0].image.source',
    ],
    [
      'an image of no format',
      said({ image: { format: 'bmp', source: { bytes: '' } } }),
      'messages[0].content[0].image.format',
    ],
    ['a video', said({ video: {} }), 'messages[0].content[0].video'],
    ['guarded content', said({ guardContent: {} }), 'messages[0].content[0].guardContent'],
    ['an empty block', said({}), 'messages[0].content[0]'],
    ['a guardrail', { ...said({ text: 'a' }), guardrailConfig: { guardrailIdentifier: 'g' } }, 'guardrailConfig'],
    [
      'a tool without a schema',
      { ...said({ text: 'a' }), toolConfig: { tools: [{ toolSpec: { name: 'f' } }] } },
      'toolConfig.tools[0].toolSpec.inputSchema',
    ],
    ['a choice that is none', { ...said({ text: 'a' }), toolConfig: { toolChoice: {} } }, 'toolConfig.toolChoice'],
    [
      'a temperature that is too high',
      { ...said({ text: 'a' }), inferenceConfig: { temperature: 2 } },
      'inferenceConfig.temperature',
    ],
    [
      'a limit of no tokens',
      { ...said({ text: 'a' }), inferenceConfig: { maxTokens: 0 } },
      'inferenceConfig.maxTokens',
    ],
  ])('%s is refused by the name of the field', (_what, body, param) => {
    expect(thrownBy(() => decode(body))).toMatchObject({ kind: 'invalid_request', param });
  });
});

describe('a request to Bedrock', () => {
  test('has its model in the address alone, and no limit of tokens that nobody gave', () => {
    expect(encode({}).body).toEqual(said({ text: 'Hello' }));
  });

  test('pitfall 1: turns alternate, and results of tools come first in one of the user', () => {
    const { body } = encode({
      messages: [
        { role: 'user', content: [text('a')] },
        { role: 'system', content: [text('note')] },
        { role: 'assistant', content: [{ type: 'tool-call', id: '1', name: 'f', json: '{"x":1}' }] },
        { role: 'assistant', content: [{ type: 'tool-call', id: '2', name: 'g', json: '' }] },
        { role: 'tool', id: '1', content: [text('r1')], isError: false },
        { role: 'user', content: [text('b')] },
        { role: 'tool', id: '2', content: [], isError: true },
      ],
    });
    expect(body['messages']).toEqual([
      { role: 'user', content: [{ text: 'a' }, { text: 'note' }] },
      {
        role: 'assistant',
        content: [
          { toolUse: { toolUseId: '1', name: 'f', input: { x: 1 } } },
          { toolUse: { toolUseId: '2', name: 'g', input: {} } },
        ],
      },
      {
        role: 'user',
        content: [
          { toolResult: { toolUseId: '1', content: [{ text: 'r1' }] } },
          { toolResult: { toolUseId: '2', content: [], status: 'error' } },
          { text: 'b' },
        ],
      },
    ]);
  });

  test('pitfall 4: blocks of white space are left out, and a prefill does not end in any', () => {
    const { body } = encode({
      messages: [
        { role: 'user', content: [text('a'), text(' \n')] },
        { role: 'assistant', content: [text('So: \n')] },
      ],
    });
    expect(body['messages']).toEqual([
      { role: 'user', content: [{ text: 'a' }] },
      { role: 'assistant', content: [{ text: 'So:' }] },
    ]);
    const empty = thrownBy(() => encode({ messages: [{ role: 'user', content: [] }] }));
    expect(empty).toMatchObject({ kind: 'invalid_request', param: 'messages' });
  });

  test('pitfall 8: ids of calls are letters, digits, _ and -, 64 at most, and still meet', () => {
    const id = `call.${'x'.repeat(80)}`;
    const { body } = encode({
      messages: [
        { role: 'assistant', content: [{ type: 'tool-call', id, name: 'f', json: '{}' }] },
        { role: 'tool', id, content: [text('r')], isError: false },
      ],
    });
    const found = JSON.stringify(body).match(/"toolUseId":"[a-zA-Z0-9_-]{1,64}"/g);
    expect(found).toHaveLength(2);
    expect(found?.[0]).toBe(found?.[1]);
  });

  test('pitfall 11: images by URL cannot be sent, and names of documents fit and differ', () => {
    const url = { type: 'image' as const, source: { kind: 'url' as const, url: 'https://example.com/a.png' } };
    expect(thrownBy(() => encode({ messages: [{ role: 'user', content: [url] }] }))).toMatchObject({
      code: 'unsupported_field',
      param: 'messages',
    });
    const file = { type: 'file' as const, mediaType: 'application/pdf', data: 'aGk=', name: 'Q3_report (final).pdf' };
    const { body } = encode({ messages: [{ role: 'user', content: [file, file, { ...file, name: undefined }] }] });
    const names = [...JSON.stringify(body).matchAll(/"name":"([^"]*)"/g)].map((match) => match[1]);
    expect(names).toEqual(['Q3 report (final)', 'Q3 report (final) 2', 'document']);
  });

  test('pitfall 12: thoughts go back with their signature, or not at all', () => {
    const messages: ChatRequest['messages'] = [
      {
        role: 'assistant',
        content: [{ type: 'reasoning', text: 'a', signature: 's' }, { type: 'reasoning', text: 'b' }, text('c')],
      },
    ];
    const { body, notes } = encode({ messages });
    expect(body['messages']).toEqual([
      {
        role: 'assistant',
        content: [{ reasoningContent: { reasoningText: { text: 'a', signature: 's' } } }, { text: 'c' }],
      },
    ]);
    expect(notes['x-gateway-dropped']).toContain('reasoning_content');
  });

  test('cache hints become cache points where the model takes them', () => {
    const cache = { type: 'ephemeral', ttl: '1h' };
    const request = { system: [{ ...text('s'), cache }], tools: [{ name: 'f', parameters: {}, cache }] };
    const point = { cachePoint: { type: 'default', ttl: '1h' } };
    expect(encode(request).body).toMatchObject({
      system: [{ text: 's' }, point],
      toolConfig: { tools: [{ toolSpec: { name: 'f', inputSchema: { json: {} } } }, point] },
    });
    const llama = encode(request, 'meta.llama3-70b-instruct-v1:0');
    expect(JSON.stringify(llama.body)).not.toContain('cachePoint');
    expect(llama.notes['x-gateway-dropped']).toContain('cache_control');
  });

  test('choices of tools: auto, any, one, and none by leaving the tools out', () => {
    const tools = [{ name: 'f', parameters: {} }];
    const choice = (toolChoice: ChatRequest['toolChoice']) => encode({ tools, toolChoice }).body['toolConfig'];
    expect(choice('auto')).toMatchObject({ toolChoice: { auto: {} } });
    expect(choice('required')).toMatchObject({ toolChoice: { any: {} } });
    expect(choice({ name: 'f' })).toMatchObject({ toolChoice: { tool: { name: 'f' } } });
    expect(choice(undefined)).not.toHaveProperty('toolChoice');
    expect(choice('none')).toBeUndefined();
  });

  test('a conversation that called tools names them, though the request has none', () => {
    const messages: ChatRequest['messages'] = [
      { role: 'user', content: [text('a')] },
      { role: 'assistant', content: [{ type: 'tool-call', id: '1', name: 'f', json: '{}' }] },
      { role: 'tool', id: '1', content: [text('r')], isError: false },
    ];
    expect(encode({ messages }).body['toolConfig']).toEqual({
      tools: [{ toolSpec: { name: 'f', inputSchema: { json: { type: 'object' } } } }],
    });
  });

  test('sampling: what the model takes, in its range', () => {
    expect(encode({ temperature: 1.7, topP: 0.5, topK: 4, maxTokens: 8 })).toMatchObject({
      body: {
        inferenceConfig: { temperature: 1, topP: 0.5, maxTokens: 8 },
        additionalModelRequestFields: { top_k: 4 },
      },
      notes: { 'x-gateway-adjusted': 'temperature=1' },
    });
    const newest = encode({ temperature: 0.5, topK: 4 }, 'global.anthropic.claude-opus-5-v1:0');
    expect(newest.body).not.toHaveProperty('inferenceConfig');
    expect(newest.notes['x-gateway-dropped']).toBe('temperature, top_k');
    expect(encode({ topK: 4 }, 'us.amazon.nova-pro-v1:0').body).toMatchObject({
      additionalModelRequestFields: { inferenceConfig: { topK: 4 } },
    });
    const arn = 'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-opus-5-5-v1:0';
    expect(
      thrownBy(() => encode({ tools: [{ name: 'f', parameters: {} }], toolChoice: 'required' }, arn)),
    ).toMatchObject({
      param: 'tool_choice',
    });
  });

  test('a schema for the answer goes out as text, and not to models that take none', () => {
    const responseFormat = { type: 'json-schema' as const, schema: { type: 'object' } };
    expect(encode({ responseFormat }, 'anthropic.claude-opus-5-v1:0').body['outputConfig']).toEqual({
      textFormat: { type: 'json_schema', structure: { jsonSchema: { schema: '{"type":"object"}', name: 'answer' } } },
    });
    expect(thrownBy(() => encode({ responseFormat }))).toMatchObject({ param: 'response_format' });
  });
});

test('seeds and penalties have no equivalent, and are noted', () => {
  const { notes } = encode({ seed: 7, presencePenalty: 0.5, frequencyPenalty: -1 });
  expect(notes).toEqual({ 'x-gateway-dropped': 'seed, presence_penalty, frequency_penalty' });
});

test('what Converse can hold comes back as it was', () => {
  fc.assert(
    fc.property(sharedRequest, ({ seed: _seed, presencePenalty: _penalty, ...shared }) => {
      const request: ChatRequest = {
        ...shared,
        // These have no place in Converse: images by URL, a choice about parallel calls, seeds and penalties.
        messages: shared.messages.map((message) =>
          message.role === 'user'
            ? { role: 'user', content: message.content.map((part) => (part.type === 'text' ? part : text('picture'))) }
            : message,
        ),
        parallelToolCalls: undefined,
        stream: false,
        stop: shared.stop.filter((sequence) => sequence.trim() !== ''),
      };
      expect(decode(encode(request).body)).toEqual(request);
    }),
  );
});
