import { createContext } from '@x/core';
import { describe, expect, test } from 'vitest';
import { Bench, eventsOf, joined, parse, read, type Json, type Told } from '../../test/harness.ts';

const TOOL = {
  type: 'function',
  name: 'lookup',
  parameters: { type: 'object', properties: { id: { type: 'integer' } } },
  strict: false,
};
const HELLO = { role: 'user', content: 'Summarize this ticket.' };

function ask(body: object = {}, faults: object[] = []): Promise<Told> {
  const { clock, simulator } = new Bench({
    providers: { openai: { outputTokens: 30, toolCalls: { parallel: 2 } } },
    faults: faults as never,
  });
  const request = {
    method: 'POST',
    url: 'http://simulator.invalid/openai/v1/responses',
    headers: { authorization: 'Bearer key-1', 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'm', input: [HELLO], ...body }),
  };
  return clock.run(async () => read(await simulator.transport(request, createContext({ clock }))));
}

describe('a whole answer', () => {
  test('has one message, and usage that fits its text', async () => {
    const body = parse((await ask()).text);
    const text = joined([body['output']?.['0']?.['content']?.['0']?.['text']]);
    const output = Math.ceil(text.length / 4);
    expect(body).toMatchObject({
      id: expect.stringMatching(/^resp_[0-9a-f]{16}$/),
      object: 'response',
      status: 'completed',
      error: null,
      incomplete_details: null,
      output: [{ type: 'message', status: 'completed', role: 'assistant', content: [{ type: 'output_text' }] }],
      usage: { input_tokens: 6, output_tokens: output, total_tokens: 6 + output },
    });
  });

  test('is incomplete at max_output_tokens, and takes a text for its input', async () => {
    expect(parse((await ask({ input: 'Summarize this ticket.', max_output_tokens: 16 })).text)).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      output: [{ status: 'incomplete' }],
      usage: { input_tokens: 6, output_tokens: 16 },
    });
  });

  test('calls tools when it must', async () => {
    const body = parse((await ask({ tools: [TOOL], tool_choice: 'required' })).text);
    expect(body['output']).toMatchObject([
      {
        type: 'function_call',
        id: expect.stringMatching(/^fc_/),
        call_id: expect.stringMatching(/^call_/),
        name: 'lookup',
      },
      { type: 'function_call' },
    ]);
    expect(Number.isInteger(parse(joined([body['output']?.['0']?.['arguments']]))['id'])).toBe(true);
  });
});

describe('a stream', () => {
  const events = async (body: object, faults?: object[]): Promise<Json[]> =>
    eventsOf((await ask({ ...body, stream: true }, faults)).text).map(({ event, data }) => {
      const value = parse(data);
      expect(value['type']).toBe(event);
      return value;
    });

  test('says in its pieces what its last event says, by the numbers', async () => {
    const all = await events({});
    expect(all.map((event) => event['sequence_number'])).toEqual(all.map((_event, index) => index));
    const text = joined(
      all.map((event) => (`${joined([event['type']])}`.endsWith('text.delta') ? event['delta'] : '')),
    );
    expect(text).not.toBe('');
    expect(all.at(-1)).toMatchObject({
      type: 'response.completed',
      response: { status: 'completed', output: [{ content: [{ text }] }] },
    });
    expect([...new Set(all.map((event) => event['type']))]).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ]);
  });

  test('of calls has an item for each, with its arguments in fragments', async () => {
    const all = await events({ tools: [TOOL], tool_choice: 'required' });
    const of = (type: string, index: number) =>
      all.filter((event) => `${joined([event['type']])}` === type && Number(event['output_index']) === index);
    for (const index of [0, 1]) {
      const json = joined(of('response.function_call_arguments.delta', index).map((event) => event['delta']));
      expect(of('response.output_item.done', index)).toMatchObject([
        { item: { arguments: json, status: 'completed' } },
      ]);
    }
    expect(all.at(-1)).toMatchObject({ response: { output: [{ type: 'function_call' }, { type: 'function_call' }] } });
  });

  test('has errors in its own words', async () => {
    const all = await events({}, [{ name: 'error_event_midstream' }]);
    expect(all.at(-1)).toMatchObject({ type: 'error', message: expect.any(String) });
  });
});

test.each([
  [{ model: '' }, 'model'],
  [{ input: undefined }, 'input'],
  [{ input: ['x'] }, 'input[0]'],
  [{ max_output_tokens: 5 }, 'max_output_tokens'],
  [{ previous_response_id: 'resp_1' }, 'previous_response_id'],
  [{ tools: [TOOL], tool_choice: { type: 'function', name: 'other' } }, 'tool_choice'],
  [{ input: [{ type: 'message', id: 'toolu_1', role: 'user', content: 'x' }] }, 'input[0].id'],
  [{ input: [{ type: 'function_call_output', call_id: 'a', output: 'x' }] }, 'input'],
  [{ input: [{ type: 'function_call', call_id: 'a', name: 'f', arguments: '{}' }] }, 'input'],
  [{ input: [{ type: 'reasoning', summary: [], encrypted_content: 'EqQB' }] }, 'input[0].encrypted_content'],
])('%j is refused by name', async (body, param) => {
  const told = await ask(body);
  expect(told.status).toBe(400);
  expect(parse(told.text)).toMatchObject({ error: { param, type: 'invalid_request_error' } });
});
