import { JsonBody, type Dialect, type JsonObject, type LlmRequest, type StreamEvent } from '@x/core';
import { chatRequest } from '@x/core/testing';
import { describe, expect, test } from 'vitest';
import { supportsPrefill } from '../defaults/prefill.ts';
import { FRAMES } from './bedrock-converse/stream/frames.ts';
import { resumable, type ResumableDialect } from './resumable.ts';

const of = (dialect: Dialect) => resumable(dialect) as ResumableDialect;
const chat = of('openai.chat');
const messages = of('anthropic.messages');
const responses = of('openai.responses');
const generate = of('gemini.generate');
const converse = of('bedrock.converse');

test('dialects without a stream of text are not resumed', () => {
  expect(resumable('openai.embeddings')).toBeUndefined();
});

test.each([
  ['anthropic', 'claude-3-5-sonnet-20241022', true],
  ['anthropic', 'claude-sonnet-4-5-20250929', true],
  ['anthropic', 'claude-opus-4-1', true],
  ['anthropic', 'claude-sonnet-4-6', false],
  ['anthropic', 'claude-opus-5', false],
  ['anthropic', 'claude-that-comes-next', false],
  ['anthropic', 'another-model', false],
  ['openai', 'gpt-4o', false],
  ['groq', 'llama-3.1-8b', false],
])('%s/%s takes a prefill: %s', (provider, model, expected) => {
  expect(supportsPrefill({ provider, model })).toBe(expected);
});

describe('what keeps an answer from being resumed', () => {
  test.each<[ResumableDialect, JsonObject, string | undefined]>([
    [chat, {}, undefined],
    [chat, { n: 1, logprobs: false, response_format: { type: 'text' }, tools: [{}] }, undefined],
    [chat, { n: 2 }, 'n'],
    [chat, { logprobs: true }, 'logprobs'],
    [chat, { response_format: { type: 'json_schema' } }, 'response_format'],
    [chat, { functions: [{}] }, 'functions'],
    [responses, { text: { verbosity: 'low' }, tools: [{ type: 'function' }], top_logprobs: 0 }, undefined],
    [responses, { text: { format: { type: 'json_schema' } } }, 'text.format'],
    [responses, { top_logprobs: 2 }, 'top_logprobs'],
    [responses, { include: ['message.output_text.logprobs'] }, 'include'],
    [responses, { tools: [{ type: 'web_search' }] }, 'tools'],
    [messages, { max_tokens: 5 }, undefined],
    [messages, { output_config: { effort: 'low' } }, undefined],
    [messages, { output_config: { format: { type: 'json_schema' } } }, 'output_config.format'],
    [generate, { tools: [{ functionDeclarations: [] }], generationConfig: { candidateCount: 1 } }, undefined],
    [generate, { generationConfig: { responseMimeType: 'text/plain', responseModalities: ['TEXT'] } }, undefined],
    [generate, { generation_config: { response_mime_type: 'application/json' } }, 'generationConfig.responseMimeType'],
    [generate, { generationConfig: { candidateCount: 2 } }, 'generationConfig.candidateCount'],
    [generate, { generationConfig: { responseModalities: ['AUDIO'] } }, 'generationConfig.responseModalities'],
    [generate, { generationConfig: { responseLogprobs: true } }, 'generationConfig.responseLogprobs'],
    [generate, { tools: [{ googleSearch: {} }] }, 'tools'],
    [converse, { inferenceConfig: { maxTokens: 5 }, outputConfig: { effort: 'low' } }, undefined],
    [converse, { outputConfig: { textFormat: { type: 'json_schema' } } }, 'outputConfig.textFormat'],
  ])('%#: %j', ({ obstacle }, body, expected) => {
    expect(obstacle(body)).toBe(expected);
  });
});

describe('the request for the rest', () => {
  const user = { role: 'user', content: 'Hi' };
  const rest = (dialect: ResumableDialect, body: JsonObject) =>
    dialect.continued(JsonBody.parse(new TextEncoder().encode(JSON.stringify(body))), 'a'.repeat(60))?.value;

  test('ends with the text so far, and asks for less of it', () => {
    expect(rest(chat, { messages: [user], max_tokens: 100, max_completion_tokens: 5, seed: 1 })).toEqual({
      messages: [user, { role: 'assistant', content: 'a'.repeat(60) }],
      max_tokens: 90,
      max_completion_tokens: 1,
      seed: 1,
    });
  });

  test('of Responses has them in its input', () => {
    const said = { role: 'assistant', content: 'a'.repeat(60) };
    expect(rest(responses, { input: 'Hi', max_output_tokens: 100 })).toEqual({
      input: [user, said],
      max_output_tokens: 90,
    });
    expect(rest(responses, { input: [user] })).toEqual({ input: [user, said] });
    expect(rest(responses, { input: 'Hi', previous_response_id: 'resp_1' })).toBeUndefined();
    expect(rest(responses, { input: 'Hi', conversation: { id: 'conv_1' } })).toBeUndefined();
  });

  test('goes on from a prefill of the caller’s own', () => {
    const own = { role: 'assistant', content: 'Sure: ' };
    expect(rest(messages, { messages: [user, own] })).toEqual({
      messages: [user, { role: 'assistant', content: `Sure: ${'a'.repeat(60)}` }],
    });
  });

  test('is written in Google’s names, in either of their forms, and in AWS’s', () => {
    const turn = { role: 'user', parts: [{ text: 'Hi' }] };
    const said = { role: 'model', parts: [{ text: 'a'.repeat(60) }] };
    expect(rest(generate, { contents: [turn], generation_config: { max_output_tokens: 100, seed: 1 } })).toEqual({
      contents: [turn, said],
      generation_config: { max_output_tokens: 90, seed: 1 },
    });
    expect(rest(generate, { contents: [turn, { role: 'model', parts: [{ text: 'So' }] }] })).toEqual({
      contents: [turn, { role: 'model', parts: [{ text: 'So' }, ...said.parts] }],
    });
    expect(
      rest(converse, { messages: [{ role: 'user', content: [{ text: 'Hi' }] }], inferenceConfig: { maxTokens: 100 } }),
    ).toEqual({
      messages: [
        { role: 'user', content: [{ text: 'Hi' }] },
        { role: 'assistant', content: [{ text: 'a'.repeat(60) }] },
      ],
      inferenceConfig: { maxTokens: 90 },
    });
  });

  test.each<[ResumableDialect, JsonObject]>([
    [generate, { contents: [], generationConfig: { thinkingConfig: { includeThoughts: true } } }],
    [generate, { contents: [{ role: 'model', parts: [{ functionCall: { name: 'f' } }] }] }],
    [generate, { contents: 'Hi' }],
    [converse, { messages: [], additionalModelRequestFields: { thinking: { type: 'enabled' } } }],
    [converse, { messages: [{ role: 'assistant', content: [{ toolUse: { name: 'f' } }] }] }],
  ])('cannot be made of everything: %#', (dialect, body) => {
    expect(rest(dialect, body)).toBeUndefined();
  });

  test.each<JsonObject>([
    { messages: [user], thinking: { type: 'enabled', budget_tokens: 1_024 } },
    { messages: [user, { role: 'assistant', content: [{ type: 'text', text: 'a' }] }] },
    { messages: 'Hi' },
  ])('cannot be made of %j', (body) => {
    expect(rest(messages, body)).toBeUndefined();
  });
});

describe('a stream that others go on with', () => {
  const request = chatRequest({ stream: true, stream_options: { include_usage: true } });
  const text = (data: JsonObject): StreamEvent => ({
    frame: `data: ${JSON.stringify(data)}\n\n`,
    parts: [{ type: 'text', text: 'x' }],
  });
  const chunk = (delta: JsonObject): JsonObject => ({
    id: 'c1',
    created: 7,
    model: 'm',
    choices: [{ index: 0, delta, finish_reason: null }],
  });

  test('has the id, the time and the model of the first chunk', () => {
    const splicer = chat.splicer(request);
    expect(splicer.follow(text(chunk({ role: 'assistant', content: '' })))).toBe(true);
    expect(splicer.write({ type: 'text', text: 'more' })).toBe(
      'data: {"id":"c1","object":"chat.completion.chunk","created":7,"model":"m","choices":[{"index":0,"delta":{"content":"more"},"finish_reason":null}],"usage":null}\n\n',
    );
  });

  test.each([
    [chunk({ audio: { data: '…' } }), false],
    [chunk({ function_call: { name: 'f' } }), false],
    [chunk({ annotations: [{ type: 'url_citation' }] }), false],
    [{ ...chunk({}), choices: [{ index: 1, delta: { content: 'x' } }] }, false],
    [chunk({ annotations: [], function_call: null }), true],
  ])('%j: %s', (data, expected) => {
    expect(chat.splicer(request).follow({ frame: `data: ${JSON.stringify(data)}\n\n`, parts: [] })).toBe(expected);
  });

  const events = (...all: readonly (JsonObject & { readonly type: string })[]): StreamEvent => ({
    frame: all.map((data) => `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`).join(''),
    parts: [],
  });
  const start = (index: number, type: string) => ({ type: 'content_block_start', index, content_block: { type } });
  const anthropic: LlmRequest = { ...request, dialect: 'anthropic.messages' };

  test('goes on in the block that is open, or opens the next one', () => {
    const open = messages.splicer(anthropic);
    expect(open.follow(events({ type: 'message_start' }, start(0, 'text')))).toBe(true);
    expect(open.write({ type: 'text', text: 'x' })).toMatch(/^event: content_block_delta\ndata: .*"index":0/);
    const closed = messages.splicer(anthropic);
    closed.follow(events(start(0, 'text'), { type: 'content_block_stop', index: 0 }));
    expect(closed.write({ type: 'text', text: 'x' })).toMatch(/^event: content_block_start\ndata: .*"index":1/);
  });

  test('ends with what has not been sent yet', () => {
    const whole = messages.splicer(anthropic);
    whole.follow(events(start(0, 'text'), { type: 'content_block_stop', index: 0 }, { type: 'message_delta' }));
    const end = { reason: 'stop', usage: undefined, contributors: [] } as const;
    expect(whole.end(end)).toBe('event: message_stop\ndata: {"type":"message_stop"}\n\n');
    const cut = messages.splicer(anthropic);
    cut.follow(events(start(0, 'text')));
    expect(cut.end(end).match(/^event: .*/gm)).toEqual([
      'event: content_block_stop',
      'event: message_delta',
      'event: message_stop',
    ]);
  });

  test.each(['tool_use', 'server_tool_use', 'web_search_tool_result'])(
    'a block of %s is nothing to go on from',
    (type) => {
      expect(messages.splicer(anthropic).follow(events(start(0, type)))).toBe(false);
    },
  );

  test('thoughts in front of the words are passed over, behind them they are not', () => {
    const splicer = messages.splicer(anthropic);
    const thought = { type: 'content_block_delta', index: 0, delta: { type: 'thinking_delta', thinking: 'hm' } };
    expect(splicer.follow(events(start(0, 'thinking'), thought, { type: 'content_block_stop', index: 0 }))).toBe(true);
    expect(splicer.follow(events(start(1, 'text')))).toBe(true);
    expect(splicer.write({ type: 'text', text: 'x' })).toMatch(/^event: content_block_delta\ndata: .*"index":1/);
    expect(splicer.follow(events({ type: 'content_block_stop', index: 1 }, start(2, 'thinking')))).toBe(false);
  });

  test('citations are nothing to go on from', () => {
    const delta = { type: 'content_block_delta', index: 0, delta: { type: 'citations_delta', citation: {} } };
    expect(messages.splicer(anthropic).follow(events(delta))).toBe(false);
  });

  const candidate = (parts: readonly JsonObject[], more: JsonObject = {}): StreamEvent => {
    const data = { candidates: [{ content: { parts, role: 'model' }, ...more }], responseId: 'r1', modelVersion: 'g' };
    const finish = 'finishReason' in more ? [{ type: 'finish', reason: 'stop' } as const] : [];
    return { frame: `data: ${JSON.stringify(data)}\n\n`, parts: finish };
  };
  const google: LlmRequest = { ...request, dialect: 'gemini.generate' };

  test('of Gemini has the id and the model of the first event, and one end', () => {
    const splicer = generate.splicer(google);
    expect(splicer.follow(candidate([{ text: 'hm', thought: true }, { text: 'Hi' }]))).toBe(true);
    expect(splicer.write({ type: 'text', text: 'x' })).toBe(
      'data: {"candidates":[{"content":{"parts":[{"text":"x"}],"role":"model"},"index":0}],"modelVersion":"g","responseId":"r1"}\n\n',
    );
    const end = { reason: 'stop', usage: undefined, contributors: [] } as const;
    expect(splicer.end(end)).toContain('"finishReason":"STOP"');
    const whole = generate.splicer(google);
    whole.follow(candidate([{ text: 'Hi' }], { finishReason: 'STOP' }));
    expect(whole.end(end)).toBe('');
  });

  test.each<[readonly JsonObject[], JsonObject]>([
    [[{ functionCall: { name: 'f' } }], {}],
    [[{ inlineData: { data: 'x' } }], {}],
    [[{ executableCode: { code: 'x' } }], {}],
    [[{ text: 'x' }], { index: 1 }],
    [[{ text: 'x' }], { groundingMetadata: { webSearchQueries: ['x'] } }],
    [[{ text: 'x' }], { citationMetadata: { citationSources: [{}] } }],
  ])('Gemini’s %j with %j is nothing to go on from', (parts, more) => {
    expect(generate.splicer(google).follow(candidate(parts, more))).toBe(false);
  });

  const binary = (type: keyof typeof FRAMES, data: JsonObject): StreamEvent => ({
    frame: FRAMES[type].frame(JSON.stringify(data)),
    parts: data['delta'] === undefined ? [] : [{ type: 'text', text: 'x' }],
  });
  const delta = (index: number, said: JsonObject) =>
    binary('contentBlockDelta', { contentBlockIndex: index, delta: said });
  const aws: LlmRequest = { ...request, dialect: 'bedrock.converse' };
  const types = (frames: string) => frames.match(/(?:message|contentBlock)St[a-z]+|contentBlockDelta|metadata/g);

  test('of Bedrock goes on in the block that is open, or opens the next one', () => {
    const open = converse.splicer(aws);
    expect(open.follow(binary('messageStart', { role: 'assistant' }))).toBe(true);
    expect([open.follow(delta(0, { text: 'a' })), open.follow(delta(0, { text: 'b' }))]).toEqual([true, true]);
    expect(open.write({ type: 'text', text: 'x' })).toContain('"contentBlockIndex":0');
    const closed = converse.splicer(aws);
    const events = [
      delta(0, { reasoningContent: { text: 'hm' } }),
      binary('contentBlockStop', { contentBlockIndex: 0 }),
    ];
    expect(events.every((event) => closed.follow(event))).toBe(true);
    expect(closed.write({ type: 'text', text: 'x' })).toContain('"contentBlockIndex":1');
  });

  test('of Bedrock ends with what has not been sent yet', () => {
    const end = { reason: 'stop', usage: undefined, contributors: [] } as const;
    const cut = converse.splicer(aws);
    cut.follow(delta(0, { text: 'a' }));
    expect(types(cut.end(end))).toEqual(['contentBlockStop', 'messageStop', 'metadata']);
    const whole = converse.splicer(aws);
    whole.follow(binary('messageStop', { stopReason: 'end_turn' }));
    expect(whole.end(end)).toBe('');
  });

  test.each([
    binary('contentBlockStart', { contentBlockIndex: 0, start: { toolUse: { name: 'f' } } }),
    delta(0, { toolUse: { input: '{' } }),
    delta(0, { citation: {} }),
  ])('Bedrock’s tools and citations are nothing to go on from: %#', (event) => {
    expect(converse.splicer(aws).follow(event)).toBe(false);
  });
});
