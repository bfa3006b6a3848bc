import { describe, expect, test } from 'vitest';
import { Bench, eventsOf, joined, parse } from '../../test/harness.ts';

const TOOL = {
  type: 'function',
  function: {
    name: 'lookup',
    description: 'Looks up an order.',
    parameters: {
      type: 'object',
      properties: { id: { type: 'integer' }, kind: { enum: ['open', 'closed'] }, tags: { type: 'array' } },
    },
  },
};

const bench = (outputTokens = 12) => new Bench({ providers: { openai: { outputTokens, toolCalls: { parallel: 2 } } } });

describe('a whole answer', () => {
  test('has the members of a chat completion and usage that fits its text', async () => {
    const told = await bench().ask();
    expect(told.headers['content-type']).toBe('application/json');
    expect(told.headers['content-length']).toBe(String(told.text.length));
    const body = parse(told.text);
    const content = joined([body['choices']?.['0']?.['message']?.['content']]);
    expect(body).toMatchObject({
      id: expect.stringMatching(/^chatcmpl-[0-9a-f]{16}$/),
      object: 'chat.completion',
      created: Date.UTC(2026, 0, 1) / 1_000,
      model: 'm',
      choices: [{ index: 0, message: { role: 'assistant', refusal: null }, finish_reason: 'stop', logprobs: null }],
      usage: {
        prompt_tokens: Math.ceil('Summarize this ticket.'.length / 4),
        completion_tokens: Math.ceil(content.length / 4),
      },
    });
    expect(content).toMatch(/^[A-Z][\w .]+\.$/);
  });

  test('is cut at max_tokens, whichever name that has', async () => {
    for (const member of ['max_tokens', 'max_completion_tokens']) {
      const body = parse((await bench().ask({ body: { [member]: 3 } })).text);
      expect(body['choices']?.['0']).toMatchObject({ finish_reason: 'length' });
      expect(body['usage']).toMatchObject({ completion_tokens: 3, total_tokens: 9 });
    }
  });

  test('calls tools when it must, with arguments that fit their schema', async () => {
    const told = await bench().ask({ body: { tools: [TOOL], tool_choice: 'required' } });
    const choice = parse(told.text)['choices']?.['0'];
    expect(choice).toMatchObject({ finish_reason: 'tool_calls', message: { content: null } });
    const calls = choice?.['message']?.['tool_calls'] as unknown as { id: string; function: { arguments: string } }[];
    expect(calls).toHaveLength(2);
    expect(calls[0]).toMatchObject({
      id: expect.stringMatching(/^call_/),
      type: 'function',
      function: { name: 'lookup' },
    });
    const given = parse(calls[0]?.function.arguments ?? '');
    expect(Number.isInteger(given['id'])).toBe(true);
    expect(['open', 'closed']).toContain(given['kind']);
  });

  test.each([
    [{ type: 'function', function: { name: 'lookup' } }, 1],
    [{ type: 'allowed_tools', allowed_tools: { mode: 'required', tools: [] } }, 2],
  ])('understands tool_choice %j', async (choice, calls) => {
    const told = await bench().ask({ body: { tools: [TOOL], tool_choice: choice } });
    expect(parse(told.text)['choices']?.['0']?.['message']?.['tool_calls']).toHaveLength(calls);
  });

  test('calls one tool at a time when parallel calls are forbidden, and none when tools are', async () => {
    const one = { tools: [TOOL], tool_choice: 'required', parallel_tool_calls: false };
    expect(parse((await bench().ask({ body: one })).text)['choices']?.['0']?.['message']?.['tool_calls']).toHaveLength(
      1,
    );
    const none = await bench().ask({ body: { tools: [TOOL], tool_choice: 'none' } });
    expect(parse(none.text)['choices']?.['0']).toMatchObject({ finish_reason: 'stop' });
  });

  test('counts tools, tool results, parts and images as input', async () => {
    const inputOf = async (body: Record<string, unknown>) =>
      Number(parse((await bench().ask({ body })).text)['usage']?.['prompt_tokens']);
    const text = { type: 'text', text: 'x'.repeat(40) };
    const image = { type: 'image_url', image_url: { url: 'https://simulator.invalid/a.png' } };
    expect(await inputOf({ messages: [{ role: 'user', content: [text] }] })).toBe(10);
    expect(await inputOf({ messages: [{ role: 'user', content: [text, image] }] })).toBe(95);
    expect(await inputOf({ messages: [{ role: 'tool', content: 'x'.repeat(80) }] })).toBe(20);
    expect(await inputOf({ tools: [TOOL] })).toBeGreaterThan(40);
  });
});

describe('a stream', () => {
  test('begins with the role, ends with finish reason, usage and [DONE], and adds up', async () => {
    const body = { stream: true, stream_options: { include_usage: true } };
    const told = await bench().ask({ body });
    expect(told.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    const events = eventsOf(told.text);
    expect(events.at(-1)?.data).toBe('[DONE]');
    const chunks = events.slice(0, -1).map(({ data }) => parse(data));
    expect(new Set(chunks.map((chunk) => chunk['id'])).size).toBe(1);
    expect(chunks[0]).toMatchObject({
      object: 'chat.completion.chunk',
      choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }],
      usage: null,
    });
    expect(chunks.at(-2)).toMatchObject({ choices: [{ delta: {}, finish_reason: 'stop' }], usage: null });
    const text = joined(chunks.map((chunk) => chunk['choices']?.['0']?.['delta']?.['content'] ?? ''));
    expect(chunks.at(-1)).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 6, completion_tokens: Math.ceil(text.length / 4) },
    });
  });

  test('says the same as the whole answer to the same request', async () => {
    const whole = parse((await bench().ask()).text)['choices']?.['0']?.['message']?.['content'];
    const events = eventsOf((await bench().ask({ body: { stream: true } })).text).slice(0, -1);
    expect(joined(events.map(({ data }) => parse(data)['choices']?.['0']?.['delta']?.['content'] ?? ''))).toBe(whole);
  });

  test('has no usage unless asked', async () => {
    expect((await bench().ask({ body: { stream: true } })).text).not.toContain('usage');
  });

  test('sends id and name of a tool call once, then fragments of its arguments', async () => {
    const told = await bench().ask({ body: { stream: true, tools: [TOOL], tool_choice: 'required' } });
    const deltas = eventsOf(told.text)
      .slice(0, -1)
      .map(({ data }) => parse(data)['choices']?.['0']?.['delta']?.['tool_calls']?.['0'])
      .filter((call) => call !== undefined);
    for (const index of [0, 1]) {
      const own = deltas.filter((call) => Number(call['index']) === index);
      expect(own.filter((call) => 'id' in call)).toHaveLength(1);
      expect(own[0]).toMatchObject({ type: 'function', function: { name: 'lookup', arguments: '' } });
      expect(own.length).toBeGreaterThan(2);
      expect(() => parse(joined(own.map((call) => call['function']?.['arguments'])))).not.toThrow();
    }
    expect(told.text).toContain('"finish_reason":"tool_calls"');
  });
});

describe('a request that makes no sense', () => {
  test.each([
    [{ model: undefined }, 'model'],
    [{ messages: undefined }, 'messages'],
    [{ messages: [] }, 'messages'],
    [{ max_tokens: 0 }, 'max_tokens'],
    [{ tools: [TOOL], tool_choice: { type: 'function', function: { name: 'other' } } }, 'tool_choice'],
  ])('%j answers 400 with the field', async (body, param) => {
    const told = await bench().ask({ body });
    expect(told.status).toBe(400);
    expect(parse(told.text)['error']).toMatchObject({ type: 'invalid_request_error', param });
  });
});
