import { describe, expect, test } from 'vitest';
import type { JsonObject } from '@x/core';
import { TranslationNotes } from '../../../hub/notes.ts';
import type { ChatRequest } from '../../../hub/request.ts';
import { thrownBy } from '../../../testing/rejection.ts';
import { EMPTY_REQUEST } from '../../../testing/hub-requests.ts';
import { DEFAULT_QUIRKS, type HostQuirks } from '../../quirks.ts';
import { encodeRequest } from './encode-request.ts';

function encode(change: Partial<ChatRequest>, model = 'gpt-4o', quirks: Partial<HostQuirks> = {}) {
  const notes = new TranslationNotes();
  const options = { model, quirks: { ...DEFAULT_QUIRKS, ...quirks }, notes };
  const body: JsonObject = encodeRequest({ ...EMPTY_REQUEST, ...change }, options);
  return { body, headers: notes.headers() };
}

test('a plain request', () => {
  expect(encode({ maxTokens: 5 }).body).toEqual({
    model: 'gpt-4o',
    messages: [{ role: 'user', content: 'Hello' }],
    max_tokens: 5,
  });
});

test('tool results become messages of their own, and what is no text in them follows as the user', () => {
  const image = { type: 'image', source: { kind: 'base64', mediaType: 'image/png', data: 'AAAA' } } as const;
  const { body } = encode({
    messages: [
      {
        role: 'assistant',
        content: [
          { type: 'reasoning', text: 'hm', signature: 's' },
          { type: 'tool-call', id: 'a', name: 'f', json: '' },
          { type: 'tool-call', id: 'b', name: 'g', json: '{"x":1}' },
        ],
      },
      { role: 'tool', id: 'a', content: [{ type: 'text', text: '1' }, image], isError: false },
      { role: 'tool', id: 'b', content: [], isError: false },
      { role: 'user', content: [{ type: 'text', text: 'And now?' }] },
    ],
  });
  expect(body['messages']).toEqual([
    {
      role: 'assistant',
      content: null,
      tool_calls: [
        { id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } },
        { id: 'b', type: 'function', function: { name: 'g', arguments: '{"x":1}' } },
      ],
    },
    { role: 'tool', tool_call_id: 'a', content: '1' },
    { role: 'tool', tool_call_id: 'b', content: '' },
    { role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }] },
    { role: 'user', content: 'And now?' },
  ]);
});

test('a stream asks for its token counts, where the host understands that', () => {
  expect(encode({ stream: true }).body).toMatchObject({ stream: true, stream_options: { include_usage: true } });
  expect(encode({ stream: true }, 'm', { streamOptions: false }).body).not.toHaveProperty('stream_options');
});

describe('what a host or a model does not take', () => {
  test('is dropped with a note where harmless', () => {
    const asked = { topK: 5, user: 'u', effort: 'low', temperature: 0.5, topP: 0.5 };
    expect(encode(asked).headers['x-gateway-dropped']).toBe('top_k, metadata.user_id, output_config.effort');
    const thinking = encode(asked, 'o3', { userField: 'safety_identifier' });
    expect(thinking.headers['x-gateway-dropped']).toBe('top_k, temperature, top_p');
    expect(thinking.body).toMatchObject({ reasoning_effort: 'low', safety_identifier: 'u' });
    expect(thinking.body).not.toHaveProperty('temperature');
  });

  test('cache hints and thoughts are noted too', () => {
    const { headers, body } = encode({
      system: [{ type: 'text', text: 'A', cache: { type: 'ephemeral' } }],
      messages: [{ role: 'assistant', content: [{ type: 'redacted-reasoning', data: 'x' }] }],
    });
    expect(headers['x-gateway-dropped']).toBe('thinking, cache_control');
    expect(JSON.stringify(body)).not.toContain('cache_control');
  });

  test('too many stop sequences are rejected', () => {
    const stop = ['1', '2', '3', '4', '5'];
    expect(encode({ stop }).body['stop']).toEqual(stop);
    expect(thrownBy(() => encode({ stop }, 'gpt-4o', { maxStops: 4 })).param).toBe('stop_sequences');
  });
});

test('the output limit has the name that the host knows', () => {
  const { body } = encode({ maxTokens: 5 }, 'gpt-4o', { maxTokensField: 'max_completion_tokens' });
  expect(body).toMatchObject({ max_completion_tokens: 5 });
  expect(body).not.toHaveProperty('max_tokens');
});
