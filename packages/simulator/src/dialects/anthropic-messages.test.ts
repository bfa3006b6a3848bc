import { describe, expect, test } from 'vitest';
import { createContext } from '@x/core';
import { Bench, chatRequest, eventsOf, joined, parse, read } from '../../test/harness.ts';

const provider = 'anthropic';
const TOOL = {
  name: 'lookup',
  input_schema: { type: 'object', properties: { id: { type: 'integer' }, word: { type: 'string' } } },
};

const bench = (outputTokens = 12) =>
  new Bench({ providers: { anthropic: { outputTokens, toolCalls: { parallel: 2 } } } });

describe('a whole answer', () => {
  test('has the members of a message and usage that fits its text', async () => {
    const body = parse((await bench().ask({ provider })).text);
    const text = joined([body['content']?.['0']?.['text']]);
    expect(body).toMatchObject({
      id: expect.stringMatching(/^msg_[0-9a-f]{16}$/),
      type: 'message',
      role: 'assistant',
      model: 'm',
      content: [{ type: 'text' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: { input_tokens: 6, cache_read_input_tokens: 0, output_tokens: Math.ceil(text.length / 4) },
    });
  });

  test('is cut at max_tokens', async () => {
    const body = parse((await bench().ask({ provider, body: { max_tokens: 3 } })).text);
    expect(body).toMatchObject({ stop_reason: 'max_tokens', usage: { output_tokens: 3 } });
  });

  test.each([
    [{ type: 'any' }, 2],
    [{ type: 'any', disable_parallel_tool_use: true }, 1],
    [{ type: 'tool', name: 'lookup' }, 1],
  ])('calls tools for tool_choice %j', async (tool_choice, calls) => {
    const body = parse((await bench().ask({ provider, body: { tools: [TOOL], tool_choice } })).text);
    expect(body['stop_reason']).toBe('tool_use');
    expect(body['content']).toHaveLength(calls);
    expect(body['content']?.['0']).toMatchObject({
      type: 'tool_use',
      id: expect.stringMatching(/^toolu_[0-9a-f]+$/),
      name: 'lookup',
      input: { id: expect.any(Number), word: expect.any(String) },
    });
  });

  test('counts the system prompt as input', async () => {
    const body = parse((await bench().ask({ provider, body: { system: 'x'.repeat(400) } })).text);
    expect(body['usage']).toMatchObject({ input_tokens: 106 });
  });
});

describe('a stream', () => {
  test('sends its events in order, each under the name that its data has', async () => {
    const told = await bench().ask({ provider, body: { stream: true } });
    const events = eventsOf(told.text);
    for (const { event, data } of events) expect(parse(data)['type']).toBe(event);
    const names = events.map(({ event }) => event);
    expect(names.slice(0, 3)).toEqual(['message_start', 'content_block_start', 'ping']);
    expect(new Set(names.slice(3, -3))).toEqual(new Set(['content_block_delta']));
    expect(names.slice(-3)).toEqual(['content_block_stop', 'message_delta', 'message_stop']);
    expect(parse(events[0]?.data ?? '')['message']).toMatchObject({
      content: [],
      usage: { input_tokens: 6, output_tokens: 1 },
    });
    const text = joined(events.map(({ data }) => parse(data)['delta']?.['text'] ?? ''));
    expect(parse(events.at(-2)?.data ?? '')).toMatchObject({
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage: { output_tokens: Math.ceil(text.length / 4) },
    });
    expect(told.text).not.toContain('[DONE]');
  });

  test('sends each tool call as a block, its input in fragments that begin empty', async () => {
    const told = await bench().ask({ provider, body: { stream: true, tools: [TOOL], tool_choice: { type: 'any' } } });
    const events = eventsOf(told.text).map(({ data }) => parse(data));
    for (const index of [0, 1]) {
      const own = events.filter((event) => Number(event['index']) === index);
      expect(own[0]).toMatchObject({
        type: 'content_block_start',
        content_block: { type: 'tool_use', name: 'lookup', input: {} },
      });
      expect(own[1]).toMatchObject({ delta: { type: 'input_json_delta', partial_json: '' } });
      expect(own.at(-1)).toMatchObject({ type: 'content_block_stop' });
      expect(() => parse(joined(own.map((event) => event['delta']?.['partial_json'] ?? '')))).not.toThrow();
    }
  });
});

describe('a request that makes no sense', () => {
  test.each([
    [{ model: undefined }, 'model: Field required'],
    [{ max_tokens: undefined }, 'max_tokens: Field required'],
    [{ max_tokens: 'many' }, 'max_tokens: Input should be a positive integer'],
    [{ messages: [{ role: 'system', content: 'x' }] }, "messages.0.role: Input should be 'user' or 'assistant'"],
    [{ tools: [TOOL], tool_choice: { type: 'tool', name: 'other' } }, "tool_choice: Tool 'other' not found"],
  ])('%j answers 400 with the field', async (body, message) => {
    const told = await bench().ask({ provider, body });
    expect(told.status).toBe(400);
    expect(parse(told.text)['error']).toMatchObject({ type: 'invalid_request_error' });
    expect(told.text).toContain(message);
  });

  test('without a version header answers 400', async () => {
    const { simulator, clock } = bench();
    const request = chatRequest(provider, 'key-1');
    const headers = { 'x-api-key': 'key-1' };
    const told = await read(await simulator.transport({ ...request, headers }, createContext({ clock })));
    expect(told.status).toBe(400);
    expect(told.text).toContain('anthropic-version: header is required');
  });
});
