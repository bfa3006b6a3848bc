import type { JsonObject, LlmRequest, StreamEvent } from '@x/core';
import { chatRequest } from '@x/core/testing';
import { describe, expect, test } from 'vitest';
import { SseDecoder } from '../../../sse/decoder.ts';
import { frameOf } from '../../../sse/frame.ts';
import { fixture } from '../../../testing/fixture.ts';
import { codec } from '../../lookup.ts';
import { EventSplicer } from './event-splicer.ts';

const responses = codec('openai.responses');
const request: LlmRequest = { ...chatRequest({ stream: true }), dialect: 'openai.responses' };
const END = { reason: 'stop', usage: undefined, contributors: [] } as const;

/** A stream as its caller gets it, event by event. */
function events(recorded: string): StreamEvent[] {
  const sse = new SseDecoder({ maxEventChars: 1_000_000 });
  const decoder = responses.streamDecoder();
  return sse
    .push(new TextEncoder().encode(recorded))
    .map((wire) => ({ frame: frameOf(wire), parts: decoder.decode(wire)?.parts ?? [] }));
}

const valuesOf = (text: string) =>
  text
    .split('\n\n')
    .slice(0, -1)
    .map((frame) => JSON.parse(frame.split('data: ')[1] ?? '') as JsonObject);

const RECORDED = events(fixture('openai-responses/stream.sse'));

describe.each(RECORDED.map((_event, index) => index))('a stream that broke after event %d', (last) => {
  const sent = RECORDED.slice(0, last + 1);

  test('goes on to one that is whole, by number, by item and by its last event', () => {
    const splicer = new EventSplicer(request);
    for (const event of sent) expect(splicer.follow(event)).toBe(true);
    const isOver = last === RECORDED.length - 1;
    const rest = (isOver ? '' : splicer.write({ type: 'text', text: ' More.' })) + splicer.end(END);
    const all = valuesOf(sent.map(({ frame }) => frame).join('') + rest);
    expect(all.map((event) => event['sequence_number'])).toEqual(all.map((_event, index) => index));
    const first = all[0]?.['response'] as JsonObject;
    const final = all.at(-1)?.['response'] as JsonObject;
    const { output: _output, status, usage: _usage, ...fixed } = first;
    expect(status).toBe('in_progress');
    expect(final).toMatchObject({ ...fixed, status: 'completed' });
    const deltas = all.flatMap(({ type, delta }) =>
      type === 'response.output_text.delta' && typeof delta === 'string' ? [delta] : [],
    );
    const items = all.filter(({ type }) => type === 'response.output_item.done').map(({ item }) => item);
    expect(final['output']).toEqual(items);
    const said = items.flatMap((item) => (item as { content: { text: string }[] }).content.map(({ text }) => text));
    expect(said.join('')).toBe(deltas.join(''));
  });
});

test('the end says who gave the answer, where it was more than one', () => {
  const splicer = new EventSplicer(request);
  for (const event of RECORDED.slice(0, 5)) splicer.follow(event);
  const usage = { inputTokens: 1, cacheReadTokens: 0, cacheWriteTokens: 0, outputTokens: 2, reasoningTokens: 0 };
  const contributors = ['openai/a', 'anthropic/b'];
  expect(valuesOf(splicer.end({ reason: 'length', usage, contributors })).at(-1)).toMatchObject({
    type: 'response.incomplete',
    response: { usage: { total_tokens: 3 } },
    extra_fields: { contributors },
  });
});

test.each<[string, JsonObject]>([
  ['a call', { type: 'response.output_item.added', output_index: 0, item: { type: 'function_call', id: 'fc_1' } }],
  ['a thought', { type: 'response.output_item.added', output_index: 0, item: { type: 'reasoning', id: 'rs_1' } }],
  ['a search', { type: 'response.web_search_call.searching', output_index: 0, item_id: 'ws_1' }],
  ['a citation', { type: 'response.output_text.annotation.added', item_id: 'msg_1', annotation: {} }],
  ['a refusal', { type: 'response.content_part.added', item_id: 'msg_1', part: { type: 'refusal', refusal: '' } }],
  ['text of no message', { type: 'response.output_text.delta', item_id: 'msg_1', delta: 'x' }],
  [
    'an item out of order',
    { type: 'response.output_item.added', output_index: 3, item: { type: 'message', id: 'msg_1' } },
  ],
])('%s is nothing to go on from', (_what, value) => {
  expect(new EventSplicer(request).follow({ frame: `data: ${JSON.stringify(value)}\n\n`, parts: [] })).toBe(false);
});
