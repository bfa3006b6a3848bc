import type { JsonObject } from '@x/core';
import { describe, expect, test } from 'vitest';
import { TranslationNotes } from '../../../hub/notes.ts';
import type { ChatRequest } from '../../../hub/request.ts';
import { EMPTY_REQUEST } from '../../../testing/hub-requests.ts';
import { thrownBy } from '../../../testing/rejection.ts';
import { DEFAULT_QUIRKS, type HostQuirks } from '../../quirks.ts';
import { encodeRequest } from './encode-request.ts';

function encode(request: Partial<ChatRequest>, quirks: Partial<HostQuirks>): JsonObject {
  const notes = new TranslationNotes();
  return encodeRequest(
    { ...EMPTY_REQUEST, ...request },
    { model: 'm', quirks: { ...DEFAULT_QUIRKS, ...quirks }, notes },
  );
}

const image = { type: 'image' as const, source: { kind: 'url' as const, url: 'https://example.com/a.png' } };
const file = { type: 'file' as const, mediaType: 'application/pdf', data: 'aGk=' };

describe('what a host lacks is refused before the call, by the name of the field', () => {
  test.each<[HostQuirks['lacks'][number], Partial<ChatRequest>, string]>([
    ['tools', { tools: [{ name: 'f', parameters: {} }] }, 'tools'],
    ['schemas', { responseFormat: { type: 'json-schema', schema: {} } }, 'response_format'],
    ['images', { messages: [{ role: 'user', content: [image] }] }, 'messages[0].content[0]'],
    ['files', { messages: [{ role: 'user', content: [{ type: 'text', text: 'a' }, file] }] }, 'messages[0].content[1]'],
  ])('%s', (lack, request, param) => {
    expect(() => encode(request, {})).not.toThrow();
    expect(thrownBy(() => encode(request, { lacks: [lack] }))).toMatchObject({
      kind: 'invalid_request',
      code: 'unsupported_field',
      param,
    });
  });

  test('plain JSON is no schema', () => {
    expect(() => encode({ responseFormat: { type: 'json' } }, { lacks: ['schemas'] })).not.toThrow();
  });
});

test('ids of tool calls fit the host, and calls still meet their results', () => {
  const messages: ChatRequest['messages'] = [
    { role: 'user', content: [{ type: 'text', text: 'hi' }] },
    {
      role: 'assistant',
      content: [
        { type: 'tool-call', id: 'call_abcdefghijkl', name: 'f', json: '{}' },
        { type: 'tool-call', id: 'aB3dE5gH9', name: 'f', json: '{}' },
      ],
    },
    { role: 'tool', id: 'call_abcdefghijkl', content: [], isError: false },
    { role: 'tool', id: 'aB3dE5gH9', content: [], isError: false },
  ];
  const encoded = encode({ messages }, { toolIdLength: 9 })['messages'] as JsonObject[];
  const calls = ((encoded[1] as JsonObject)['tool_calls'] as JsonObject[]).map(({ id }) => id);
  expect(calls[0]).toMatch(/^[a-zA-Z0-9]{9}$/);
  expect(calls[1]).toBe('aB3dE5gH9');
  expect(encoded.slice(2).map((message) => message['tool_call_id'])).toEqual(calls);
});
