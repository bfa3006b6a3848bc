import { describe, expect, test } from 'vitest';
import type { JsonObject } from '@x/core';
import { TranslationNotes } from '../../../hub/notes.ts';
import type { ChatMessage, ChatRequest } from '../../../hub/request.ts';
import { EMPTY_REQUEST } from '../../../testing/hub-requests.ts';
import { thrownBy } from '../../../testing/rejection.ts';
import { codec } from '../../lookup.ts';
import { DEFAULT_QUIRKS } from '../../quirks.ts';

const gemini = codec('gemini.generate');
const openai = codec('openai.chat');
const anthropic = codec('anthropic.messages');

function encode(request: Partial<ChatRequest>, model = 'gemini-2.5-flash') {
  const notes = new TranslationNotes();
  const quirks = { ...DEFAULT_QUIRKS, maxStops: 5 };
  const body = gemini.encodeRequest({ ...EMPTY_REQUEST, ...request }, { model, quirks, notes });
  return { body, notes: notes.headers() };
}

function decode(body: JsonObject) {
  const notes = new TranslationNotes();
  return { request: gemini.decodeRequest(body, notes), notes: notes.headers() };
}

const text = (words: string) => ({ type: 'text' as const, text: words });
const user = (words: string): ChatMessage => ({ role: 'user', content: [text(words)] });
const call = (id: string, name: string, json = '{}', signature?: string) => ({
  type: 'tool-call' as const,
  id,
  name,
  json,
  ...(signature !== undefined && { signature }),
});
const result = (id: string, words: string): ChatMessage => ({
  role: 'tool',
  id,
  content: [text(words)],
  isError: false,
});
const TOOL = { name: 'f', parameters: { type: 'object', properties: {} } };

describe('pitfall 1: turns', () => {
  test('results of calls stand in one turn of the user, before what was said', () => {
    const messages: ChatMessage[] = [
      user('Hi'),
      { role: 'assistant', content: [call('a', 'f'), call('b', 'g')] },
      result('a', 'A'),
      result('b', 'B'),
      user('Go on'),
      user('please'),
    ];
    expect(encode({ messages }).body['contents']).toEqual([
      { role: 'user', parts: [{ text: 'Hi' }] },
      {
        role: 'model',
        parts: [{ functionCall: { id: 'a', name: 'f', args: {} } }, { functionCall: { id: 'b', name: 'g', args: {} } }],
      },
      {
        role: 'user',
        parts: [
          { functionResponse: { id: 'a', name: 'f', response: { output: 'A' } } },
          { functionResponse: { id: 'b', name: 'g', response: { output: 'B' } } },
          { text: 'Go on' },
          { text: 'please' },
        ],
      },
    ]);
  });

  test('results without ids answer the calls of their name, in order', () => {
    const { request } = decode({
      contents: [
        {
          role: 'model',
          parts: [{ functionCall: { name: 'f' } }, { functionCall: { name: 'g' } }, { functionCall: { name: 'f' } }],
        },
        {
          role: 'user',
          parts: ['g', 'f', 'f'].map((name, index) => ({
            functionResponse: { name, response: { result: `${index}` } },
          })),
        },
      ],
    });
    expect(request.messages.slice(1)).toEqual([result('call_1', '0'), result('call_0', '1'), result('call_2', '2')]);
  });

  test('regression: many calls and results are matched in little time', () => {
    const parts = (part: object) => Array.from({ length: 50_000 }, () => part);
    const contents = [
      { role: 'model', parts: parts({ functionCall: { name: 'f' } }) },
      { role: 'user', parts: parts({ functionResponse: { name: 'f', response: {} } }) },
    ];
    const before = process.cpuUsage();
    expect(decode({ contents } as unknown as JsonObject).request.messages).toHaveLength(50_001);
    expect(process.cpuUsage(before).user).toBeLessThan(1_500_000);
  });

  test('a result that answers nothing is the caller’s mistake', () => {
    const body = { contents: [{ role: 'user', parts: [{ functionResponse: { name: 'f', response: {} } }] }] };
    expect(thrownBy(() => decode(body))).toMatchObject({
      kind: 'invalid_request',
      param: 'contents[0].parts[0].functionResponse',
    });
    expect(thrownBy(() => encode({ messages: [result('a', 'A')] }))).toMatchObject({ param: 'messages' });
  });
});

describe('pitfall 4: empty content', () => {
  test('empty texts and turns are left out', () => {
    const messages: ChatMessage[] = [user(''), user('Hi'), { role: 'assistant', content: [text('')] }, user('So?')];
    expect(encode({ messages }).body['contents']).toEqual([{ role: 'user', parts: [{ text: 'Hi' }, { text: 'So?' }] }]);
  });

  test('nothing at all is an error', () => {
    expect(thrownBy(() => encode({ messages: [user('')] }))).toMatchObject({
      kind: 'invalid_request',
      param: 'messages',
    });
  });
});

test('pitfall 5: leading instructions are the systemInstruction, later ones the user’s words', () => {
  const messages: ChatMessage[] = [user('Hi'), { role: 'system', content: [text('Be short.')] }];
  expect(encode({ system: [text('Be kind.')], messages }).body).toEqual({
    contents: [{ role: 'user', parts: [{ text: 'Hi' }, { text: 'Be short.' }] }],
    systemInstruction: { parts: [{ text: 'Be kind.' }] },
  });
});

test.each([
  ['', {}],
  ['{"a":1}', { a: 1 }],
  ['{"a":', { invalid_json: '{"a":' }],
])('pitfall 6: arguments %j become an object', (json, args) => {
  const messages: ChatMessage[] = [user('Hi'), { role: 'assistant', content: [call('a', 'f', json)] }];
  expect(encode({ messages }).body['contents']).toMatchObject([{}, { parts: [{ functionCall: { args } }] }]);
});

describe('pitfall 8: ids and signatures of calls', () => {
  const answer = (id: string) =>
    gemini.decodeAnswer(
      { candidates: [{ content: { parts: [{ functionCall: { name: 'f' } }, { functionCall: { name: 'f' } }] } }] },
      id,
    );

  test('calls without an id get one that no other call has, and that all dialects take', () => {
    const ids = ['5f0c7d2e-8f1b-4c7e-9a53-0d1c2b3a4f5e', 'another-request'].flatMap((request) =>
      answer(request).content.map((part) => (part.type === 'tool-call' ? part.id : '')),
    );
    expect(new Set(ids).size).toBe(4);
    for (const id of ids) expect(id).toMatch(/^[a-zA-Z0-9_-]{1,40}$/);
  });

  test('a made id is none that the conversation has already', () => {
    const parts = [{ functionCall: { id: 'call_0', name: 'f' } }, { functionCall: { name: 'g' } }];
    expect(decode({ contents: [{ role: 'model', parts }] }).request.messages).toMatchObject([
      { content: [{ id: 'call_0' }, { id: 'call_1' }] },
    ]);
  });

  test('a caller of OpenAI brings the signature back', () => {
    const body = {
      candidates: [
        { content: { parts: [{ functionCall: { id: 'a', name: 'f', args: {} }, thoughtSignature: 'c2ln' }] } },
      ],
    };
    const { choices } = openai.encodeAnswer(gemini.decodeAnswer(body), { id: 'i', model: 'm', now: 0 }) as {
      choices: [{ message: JsonObject }];
    };
    const messages = [
      { role: 'user', content: 'Hi' },
      choices[0].message,
      { role: 'tool', tool_call_id: 'a', content: 'A' },
    ];
    const request = openai.decodeRequest({ model: 'm', messages }, new TranslationNotes());
    expect(encode(request, 'gemini-3-pro-preview').body['contents']).toMatchObject([
      {},
      { role: 'model', parts: [{ functionCall: { id: 'a', name: 'f', args: {} }, thoughtSignature: 'c2ln' }] },
      {},
    ]);
  });

  test('models that sign get a stand-in for the first call of a turn that nobody signed', () => {
    const messages: ChatMessage[] = [user('Hi'), { role: 'assistant', content: [call('a', 'f'), call('b', 'f')] }];
    const signatures = (model: string) => {
      const contents = encode({ messages }, model).body['contents'] as unknown as { parts: JsonObject[] }[];
      return contents[1]?.parts.map((part) => part['thoughtSignature']);
    };
    expect(signatures('gemini-3-pro-preview')).toEqual(['skip_thought_signature_validator', undefined]);
    expect(signatures('models/gemini-3-flash')).toEqual(['skip_thought_signature_validator', undefined]);
    expect(signatures('gemini-2.5-flash')).toEqual([undefined, undefined]);
  });
});

describe('pitfall 9: schemas', () => {
  const recursive = { type: 'object', properties: { next: { $ref: '#' } } };

  test('a function without parameters has none', () => {
    expect(encode({ tools: [TOOL] }).body['tools']).toEqual([{ functionDeclarations: [{ name: 'f' }] }]);
  });

  test('what does not fit into the subset goes as JSON schema', () => {
    const { body } = encode({
      tools: [{ name: 'f', parameters: recursive }],
      responseFormat: { type: 'json-schema', schema: recursive },
    });
    expect(body).toMatchObject({
      tools: [{ functionDeclarations: [{ parametersJsonSchema: recursive }] }],
      generationConfig: { responseMimeType: 'application/json', responseJsonSchema: recursive },
    });
  });

  test('keywords that are lost are told', () => {
    const parameters = { type: 'object', properties: { a: { type: 'string', format: 'uri' } } };
    const { notes } = encode({ tools: [{ name: 'f', parameters, strict: true }] });
    expect(notes).toEqual({ 'x-gateway-dropped': 'tools[].strict, tools[].parameters.format' });
  });
});

describe('pitfall 10: sampling', () => {
  test('OpenAI’s scale is Gemini’s', () => {
    expect(encode({ temperature: 2, topP: 1, topK: 40 }).body['generationConfig']).toEqual({
      temperature: 2,
      topP: 1,
      topK: 40,
    });
    expect(thrownBy(() => decode({ contents: [], generationConfig: { temperature: 2.1 } }))).toMatchObject({
      param: 'generationConfig.temperature',
    });
  });

  test('more than one answer has no equivalent', () => {
    expect(thrownBy(() => decode({ contents: [], generationConfig: { candidate_count: 2 } }))).toMatchObject({
      code: 'unsupported_field',
      param: 'generationConfig.candidateCount',
    });
    expect(decode({ contents: [], generationConfig: { candidateCount: 1, audioTimestamp: true } }).notes).toEqual({
      'x-gateway-dropped': 'generationConfig.audioTimestamp',
    });
  });

  test('seeds and penalties go both ways', () => {
    const config = { seed: 7, presencePenalty: 0.5, frequencyPenalty: -0.5 };
    expect(encode(config).body['generationConfig']).toEqual(config);
    expect(decode({ contents: [], generationConfig: config }).request).toMatchObject(config);
    expect(decode({ contents: [], generationConfig: config }).notes).toEqual({});
  });

  test('at most five stop sequences', () => {
    expect(thrownBy(() => encode({ stop: ['1', '2', '3', '4', '5', '6'] }))).toMatchObject({ param: 'stop' });
  });
});

describe('pitfall 11: images and documents', () => {
  const image = { type: 'image' as const, source: { kind: 'url' as const, url: 'https://x.test/a.PNG?size=2' } };

  test('data and addresses', () => {
    const inline = {
      type: 'image' as const,
      source: { kind: 'base64' as const, mediaType: 'image/webp', data: 'AAAA' },
    };
    const file = { type: 'file' as const, mediaType: 'application/pdf', data: 'BBBB', name: 'a.pdf' };
    const { body, notes } = encode({ messages: [{ role: 'user', content: [inline, image, file] }] });
    expect(body['contents']).toMatchObject([
      {
        parts: [
          { inlineData: { mimeType: 'image/webp', data: 'AAAA' } },
          { fileData: { mimeType: 'image/png', fileUri: 'https://x.test/a.PNG?size=2' } },
          { inlineData: { mimeType: 'application/pdf', data: 'BBBB' } },
        ],
      },
    ]);
    expect(notes).toEqual({ 'x-gateway-dropped': 'filename' });
  });

  test.each([
    [{ fileData: { fileUri: 'gs://bucket/a.png', mimeType: 'image/png' } }, 'fileData.fileUri'],
    [{ file_data: { file_uri: 'https://generativelanguage.googleapis.com/v1beta/files/a' } }, 'fileData.fileUri'],
    [{ fileData: { fileUri: 'https://x.test/a.pdf', mimeType: 'application/pdf' } }, 'fileData.fileUri'],
    [{ inlineData: { mimeType: 'audio/wav', data: 'AAAA' } }, 'inlineData'],
    [{ executableCode: { code: '1' } }, 'executableCode'],
  ])('%j stays at Google', (part, field) => {
    expect(thrownBy(() => decode({ contents: [{ parts: [part] }] }))).toMatchObject({
      code: 'unsupported_field',
      param: `contents[0].parts[0].${field}`,
    });
  });
});

describe('pitfall 12: thoughts', () => {
  test('of other models they stay behind, with a note', () => {
    const content = [{ type: 'reasoning' as const, text: 'Hm', signature: 's' }, text('Yes')];
    const { body, notes } = encode({ messages: [user('Hi'), { role: 'assistant', content }] });
    expect(body['contents']).toMatchObject([{}, { parts: [{ text: 'Yes' }] }]);
    expect(notes).toEqual({ 'x-gateway-dropped': 'thinking' });
  });

  test('Anthropic’s come back to Anthropic as they were, streamed or whole', () => {
    const content = [
      { type: 'thinking', thinking: 'Hm, well', signature: 'a+b/c==' },
      { type: 'redacted_thinking', data: 'x+y/z==' },
      { type: 'text', text: 'Yes' },
    ];
    const meta = { id: 'i', model: 'm', now: 0 };
    const whole = gemini.encodeAnswer(anthropic.decodeAnswer({ content }), meta) as unknown as {
      candidates: [{ content: { parts: JsonObject[] } }];
    };
    const again = (parts: readonly JsonObject[]) => {
      const { request } = decode({
        contents: [{ parts: [{ text: 'Hi' }] }, { role: 'model', parts }, { parts: [{ text: 'So?' }] }],
      });
      const options = { model: 'claude-sonnet-4-5', quirks: DEFAULT_QUIRKS, notes: new TranslationNotes() };
      const { messages } = anthropic.encodeRequest(request, options) as unknown as {
        messages: [JsonObject, JsonObject];
      };
      return messages[1]['content'];
    };
    const { parts } = whole.candidates[0].content;
    expect(again(parts)).toEqual(content);
    // Clients that decode the field write it in the alphabet of URLs.
    const urlSafe = JSON.parse(
      JSON.stringify(parts)
        .replaceAll('+', '-')
        .replace(/(?<=[a-z])\/(?=[a-z])/g, '_'),
    ) as JsonObject[];
    expect(again(urlSafe)).toEqual(content);
    const streamed = [
      { text: 'Hm,', thought: true },
      { text: ' well', thought: true },
      { text: '', thought: true, thoughtSignature: 'a+b/c==' },
      ...parts.slice(1),
    ];
    expect(again(streamed)).toEqual(content);
  });
});

describe('pitfall 13: structured output', () => {
  const schema = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] };

  test('is a type and a schema', () => {
    const responseFormat = {
      type: 'json-schema' as const,
      schema: { ...schema, additionalProperties: false },
      strict: true,
    };
    expect(encode({ responseFormat }).body['generationConfig']).toEqual({
      responseMimeType: 'application/json',
      responseSchema: schema,
    });
    expect(encode({ responseFormat: { type: 'json' } }).body['generationConfig']).toEqual({
      responseMimeType: 'application/json',
    });
  });

  test.each([
    [{ responseMimeType: 'application/json' }, { type: 'json' }],
    [
      { response_mime_type: 'application/json', response_schema: schema },
      { type: 'json-schema', schema },
    ],
    [
      { responseMimeType: 'application/json', responseJsonSchema: schema },
      { type: 'json-schema', schema },
    ],
    [{ responseMimeType: 'text/plain', responseSchema: schema }, undefined],
  ])('%j is read', (generationConfig, expected) => {
    expect(decode({ contents: [], generationConfig }).request.responseFormat).toEqual(expected);
  });
});

describe('tool choice', () => {
  test.each([
    ['auto' as const, { mode: 'AUTO' }],
    ['required' as const, { mode: 'ANY' }],
    ['none' as const, { mode: 'NONE' }],
    [{ name: 'f' }, { mode: 'ANY', allowedFunctionNames: ['f'] }],
  ])('%j', (toolChoice, functionCallingConfig) => {
    const { body } = encode({ tools: [TOOL], toolChoice });
    expect(body['toolConfig']).toEqual({ functionCallingConfig });
    expect(decode(body).request.toolChoice).toEqual(toolChoice);
  });

  test('serial calls cannot be asked for', () => {
    expect(encode({ tools: [TOOL], parallelToolCalls: false }).notes).toEqual({
      'x-gateway-dropped': 'parallel_tool_calls',
    });
  });
});

describe('how hard to think', () => {
  test.each([
    ['gemini-2.5-flash', 'none', { thinkingBudget: 0 }],
    ['gemini-2.5-pro', 'none', { thinkingBudget: 128 }],
    ['gemini-2.5-pro', 'high', { thinkingBudget: 24_576 }],
    ['gemini-2.5-flash', 'max', { thinkingBudget: 24_576 }],
    ['gemini-3-pro-preview', 'medium', { thinkingLevel: 'high' }],
    ['gemini-3-pro-preview', 'none', { thinkingLevel: 'low' }],
    ['gemini-3-flash-preview', 'minimal', { thinkingLevel: 'minimal' }],
    ['gemini-3.1-pro-preview', 'medium', { thinkingLevel: 'medium' }],
    ['gemini-2.0-flash', 'high', undefined],
  ])('%s, %s: %j', (model, effort, thinkingConfig) => {
    const config = encode({ effort }, model).body['generationConfig'] as JsonObject | undefined;
    expect(config?.['thinkingConfig']).toEqual(thinkingConfig);
  });

  test.each([
    [{ thinkingLevel: 'HIGH' }, 'high'],
    [{ thinking_budget: 0 }, 'none'],
    [{ thinkingBudget: 4_000 }, 'medium'],
    [{ thinkingBudget: -1, includeThoughts: true }, undefined],
  ])('%j is %s', (thinkingConfig, effort) => {
    expect(decode({ contents: [], generationConfig: { thinkingConfig } }).request.effort).toBe(effort);
  });
});

test.each<[JsonObject, string]>([
  [{}, 'contents'],
  [{ contents: 'Hi' }, 'contents'],
  [{ contents: [1] }, 'contents[0]'],
  [{ contents: [{ role: 'system', parts: [] }] }, 'contents[0].role'],
  [{ contents: [{ parts: {} }] }, 'contents[0].parts'],
  [{ contents: [{ parts: [{ text: 1 }] }] }, 'contents[0].parts[0].text'],
  [{ contents: [{ parts: [{}] }] }, 'contents[0].parts[0]'],
  [
    { contents: [{ role: 'model', parts: [{ functionCall: { name: 'f', args: 'x' } }] }] },
    'contents[0].parts[0].functionCall.args',
  ],
  [{ contents: [], systemInstruction: { parts: [{ inlineData: {} }] } }, 'systemInstruction.parts[0]'],
  [{ contents: [], tools: [{ googleSearch: {} }] }, 'tools[0].googleSearch'],
  [{ contents: [], tools: [{ functionDeclarations: [{}] }] }, 'tools[0].functionDeclarations[0].name'],
  [{ contents: [], toolConfig: { functionCallingConfig: { mode: 'SOME' } } }, 'toolConfig.functionCallingConfig.mode'],
  [{ contents: [], cachedContent: 'cachedContents/a' }, 'cachedContent'],
  [
    { contents: [], generationConfig: { responseModalities: ['TEXT', 'IMAGE'] } },
    'generationConfig.responseModalities',
  ],
  [{ contents: [], generationConfig: { responseMimeType: 'text/x.enum' } }, 'generationConfig.responseMimeType'],
])('%j is refused, and the error names %s', (body, param) => {
  expect(thrownBy(() => decode(body))).toMatchObject({ kind: 'invalid_request', param });
});

test('settings that others do not have are told', () => {
  const { notes } = decode({
    contents: [],
    safetySettings: [{}],
    labels: { a: 'b' },
    generation_config: { mediaResolution: 'LOW' },
  });
  expect(notes).toEqual({ 'x-gateway-dropped': 'safetySettings, labels, generationConfig.mediaResolution' });
});

test.each([
  [{ output: 'A' }, 'A', false],
  [{ result: { a: 1 } }, '{"a":1}', false],
  [{ error: 'No.' }, 'No.', true],
  [{ a: 1, b: 2 }, '{"a":1,"b":2}', false],
])('a functionResponse of %j is %s', (response, words, isError) => {
  const contents = [
    { role: 'model', parts: [{ functionCall: { id: 'a', name: 'f' } }] },
    { role: 'function', parts: [{ functionResponse: { id: 'a', name: 'f', response } }] },
  ];
  expect(decode({ contents }).request.messages[1]).toEqual({ role: 'tool', id: 'a', content: [text(words)], isError });
});
