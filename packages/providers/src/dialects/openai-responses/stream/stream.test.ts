import type { StreamPart } from '@x/core';
import { describe, expect, test } from 'vitest';
import { SseDecoder } from '../../../sse/decoder.ts';
import { fixture } from '../../../testing/fixture.ts';
import type { StreamMeta } from '../../codec.ts';
import { codec } from '../../lookup.ts';

const responses = codec('openai.responses');
const META = { id: 'req-1', model: 'm', now: 1_795_305_600_500, includeUsage: false };

interface Event {
  readonly type: string;
  readonly sequence_number: number;
  readonly output_index?: number;
  readonly [name: string]: unknown;
}

function encode(parts: readonly StreamPart[], meta: StreamMeta = META): Event[] {
  const encoder = responses.streamEncoder(meta);
  const text = parts.map((part) => encoder.encode(part)).join('') + encoder.end();
  const frames = text.split('\n\n').slice(0, -1);
  return frames.map((frame) => {
    const [event, data = ''] = frame.split('\n');
    const value = JSON.parse(data.slice('data: '.length)) as Event;
    expect(event).toBe(`event: ${value.type}`);
    return value;
  });
}

function decode(text: string): StreamPart[] {
  const sse = new SseDecoder({ maxEventChars: 1_000_000 });
  const decoder = responses.streamDecoder();
  return sse.push(new TextEncoder().encode(text)).flatMap((event) => [...(decoder.decode(event)?.parts ?? [])]);
}

const usage = { inputTokens: 5, cacheReadTokens: 3, cacheWriteTokens: 0, outputTokens: 7, reasoningTokens: 2 };
const call = (index: number, id: string): StreamPart => ({ type: 'tool-call', index, id, name: 'f' });
const args = (index: number, json: string): StreamPart => ({ type: 'tool-arguments', index, json });

describe('a recorded stream', () => {
  test('of thoughts and parallel calls', () => {
    expect(decode(fixture('openai-responses/stream-tools.sse'))).toEqual([
      { type: 'start', id: 'resp_68aa', model: 'gpt-5-mini' },
      { type: 'reasoning', text: '**Plan**' },
      { type: 'reasoning', text: ' Two lookups.' },
      { type: 'reasoning', text: '\n\n' },
      { type: 'reasoning', text: 'Go.' },
      { type: 'reasoning-signature', signature: expect.stringMatching(/^responsesthought/) as string },
      { type: 'tool-call', index: 0, id: 'call_a1', name: 'get_weather' },
      args(0, '{"city":'),
      args(0, '"Oslo"}'),
      { type: 'tool-call', index: 1, id: 'call_b2', name: 'get_time' },
      args(1, '{}'),
      { type: 'finish', reason: 'tool_calls' },
      {
        type: 'usage',
        usage: { inputTokens: 81, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 35, reasoningTokens: 64 },
      },
    ]);
  });

  test('whose host sends arguments only when they are whole', () => {
    const item = { type: 'function_call', id: 'fc', call_id: 'a', name: 'f' };
    const frames = [
      { type: 'response.output_item.added', output_index: 3, item: { ...item, arguments: '' } },
      { type: 'response.function_call_arguments.done', output_index: 3, arguments: '{"x":1}' },
      { type: 'response.output_item.done', output_index: 3, item: { ...item, arguments: '{"x":1}' } },
    ];
    expect(decode(frames.map((frame) => `data: ${JSON.stringify(frame)}\n\n`).join(''))).toEqual([
      call(0, 'a'),
      args(0, '{"x":1}'),
    ]);
  });

  test.each([
    [{ status: 'completed' }, 'stop'],
    [{ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }, 'length'],
    [{ status: 'incomplete', incomplete_details: { reason: 'content_filter' } }, 'content_filter'],
    [{ status: 'incomplete', incomplete_details: null }, 'other'],
  ])('%j is finished by %s, and is the end', (response, reason) => {
    const event = { type: `response.${response.status}`, response };
    const decoded = responses.streamDecoder().decode({ data: JSON.stringify(event), event: event.type, id: undefined });
    expect(decoded).toMatchObject({ parts: [{ type: 'finish', reason }], end: true });
  });
});

describe('what is written', () => {
  test('is in the order, by the numbers and with the ids of Responses', () => {
    const events = encode([
      { type: 'start', id: 'chatcmpl-1', model: 'gpt' },
      { type: 'reasoning', text: 'Hm.' },
      { type: 'text', text: 'A"' },
      { type: 'text', text: 'b' },
      call(0, 'a'),
      args(0, '{"x":'),
      args(0, '1}'),
      { type: 'finish', reason: 'tool_calls' },
      { type: 'usage', usage },
    ]);
    expect(events.map(({ type, output_index: index }) => (index === undefined ? type : `${index} ${type}`))).toEqual([
      'response.created',
      'response.in_progress',
      '0 response.output_item.added',
      '0 response.reasoning_summary_part.added',
      '0 response.reasoning_summary_text.delta',
      '0 response.reasoning_summary_text.done',
      '0 response.reasoning_summary_part.done',
      '0 response.output_item.done',
      '1 response.output_item.added',
      '1 response.content_part.added',
      '1 response.output_text.delta',
      '1 response.output_text.delta',
      '1 response.output_text.done',
      '1 response.content_part.done',
      '1 response.output_item.done',
      '2 response.output_item.added',
      '2 response.function_call_arguments.delta',
      '2 response.function_call_arguments.delta',
      '2 response.function_call_arguments.done',
      '2 response.output_item.done',
      'response.completed',
    ]);
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_event, index) => index));
    const last = events.at(-1)?.['response'] as { output: { id: string }[] };
    expect(last).toMatchObject({
      id: 'resp_chatcmpl-1',
      object: 'response',
      created_at: 1_795_305_600,
      model: 'gpt',
      status: 'completed',
      error: null,
      output: [
        { id: 'rs_req-1_0', type: 'reasoning', summary: [{ type: 'summary_text', text: 'Hm.' }] },
        { id: 'msg_req-1_1', type: 'message', status: 'completed', content: [{ type: 'output_text', text: 'A"b' }] },
        { id: 'fc_req-1_2', type: 'function_call', call_id: 'a', name: 'f', arguments: '{"x":1}' },
      ],
      usage: {
        input_tokens: 8,
        input_tokens_details: { cached_tokens: 3 },
        output_tokens: 9,
        output_tokens_details: { reasoning_tokens: 2 },
        total_tokens: 17,
      },
    });
    const done = events.filter(({ type }) => type === 'response.output_item.done').map((event) => event['item']);
    expect(last.output).toEqual(done);
    const pieces = events.filter((event) => event['item_id'] !== undefined);
    expect(pieces.map((event) => event['item_id'])).toEqual(
      pieces.map((event) => last.output[event.output_index ?? -1]?.id),
    );
  });

  test('says with every answer what was asked for', () => {
    const asked = { instructions: 'Be kind.', tools: [{ type: 'function', name: 'f' }], temperature: 0, input: 'Hi' };
    for (const type of ['response.created', 'response.completed']) {
      const event = encode([{ type: 'text', text: 'a' }], { ...META, asked }).find((each) => each.type === type);
      expect(event?.['response']).toMatchObject({ instructions: 'Be kind.', tools: asked.tools, temperature: 0 });
      expect(event?.['response']).not.toHaveProperty('input');
    }
  });

  test('keeps calls whose arguments are interleaved open beside each other', () => {
    const events = encode([
      call(0, 'a'),
      call(1, 'b'),
      args(1, '{"b":'),
      args(0, '{"a":1}'),
      args(1, '2}'),
      call(2, 'c'),
      { type: 'text', text: 'done' },
    ]);
    const at = (type: string, index: number) =>
      events.findIndex((event) => event.type === type && event.output_index === index);
    expect(at('response.output_item.done', 0)).toBeLessThan(at('response.output_item.added', 2));
    expect(at('response.output_item.done', 1)).toBeLessThan(at('response.output_item.added', 2));
    expect(at('response.output_item.added', 1)).toBeLessThan(at('response.output_item.done', 0));
    expect(events.at(-1)?.['response']).toMatchObject({
      output: [{ arguments: '{"a":1}' }, { arguments: '{"b":2}' }, { arguments: '{}' }, { type: 'message' }],
    });
  });

  test('arguments that come after their call was left are an error, not half a call', () => {
    const encoder = responses.streamEncoder(META);
    encoder.encode(call(0, 'a'));
    encoder.encode({ type: 'text', text: 'by the way' });
    expect(() => encoder.encode(args(0, '{}'))).toThrow('after its end');
  });

  test('a refusal is a part beside the text', () => {
    const events = encode([
      { type: 'text', text: 'Well, ' },
      { type: 'refusal', text: 'no.' },
      { type: 'finish', reason: 'stop' },
    ]);
    expect(events.map(({ type }) => type)).toContain('response.refusal.delta');
    expect(events.at(-1)?.['response']).toMatchObject({
      output: [
        {
          content: [
            { type: 'output_text', text: 'Well, ' },
            { type: 'refusal', refusal: 'no.' },
          ],
        },
      ],
    });
  });

  test.each([
    ['length', 'max_output_tokens'],
    ['content_filter', 'content_filter'],
  ] as const)('an answer that ended by %s is incomplete', (reason, why) => {
    const last = encode([
      { type: 'text', text: 'a' },
      { type: 'finish', reason },
    ]).at(-1);
    expect(last).toMatchObject({
      type: 'response.incomplete',
      response: { status: 'incomplete', incomplete_details: { reason: why }, output: [{ status: 'incomplete' }] },
    });
  });
});
