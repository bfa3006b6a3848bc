import type { JsonObject, StreamPart } from '@x/core';
import { describe, expect, test } from 'vitest';
import { TranslationNotes } from '../../hub/notes.ts';
import { fixture } from '../../testing/fixture.ts';
import { codec } from '../lookup.ts';
import { DEFAULT_QUIRKS } from '../quirks.ts';
import { nativeInput } from './foreign-thought.ts';

const responses = codec('openai.responses');
const anthropic = codec('anthropic.messages');
const chat = codec('openai.chat');
const META = { id: 'req-1', model: 'm', now: 0 };
const RECORDED = JSON.parse(fixture('openai-responses/complete.json')) as JsonObject;

const translated = (from: typeof chat, body: JsonObject, to: { dialect: typeof chat; model: string }) =>
  to.dialect.encodeRequest(from.decodeRequest(body, new TranslationNotes()), {
    model: to.model,
    quirks: DEFAULT_QUIRKS,
    notes: new TranslationNotes(),
  });

describe('thoughts of Claude, for a caller of Responses', () => {
  const blocks = [
    { type: 'thinking', thinking: 'Two lookups.', signature: 'EqQB' },
    { type: 'redacted_thinking', data: 'EmwK' },
    { type: 'tool_use', id: 'toolu_1', name: 'f', input: {} },
  ];
  const answer = responses.encodeAnswer(
    anthropic.decodeAnswer({ id: 'msg_1', content: blocks, stop_reason: 'tool_use' }),
    META,
  );
  const output = answer['output'] as readonly JsonObject[];
  const next = [
    { role: 'user', content: 'Hi' },
    ...output,
    { type: 'function_call_output', call_id: 'toolu_1', output: 'x' },
  ];

  test('are items with a summary that come back to Claude unchanged', () => {
    expect(output.map(({ type }) => type)).toEqual(['reasoning', 'reasoning', 'function_call']);
    const body = translated(responses, { input: next }, { dialect: anthropic, model: 'claude-sonnet-4-5' });
    expect((body['messages'] as readonly JsonObject[])[1]).toEqual({ role: 'assistant', content: blocks });
  });

  test('come back even from clients that leave the ids out', () => {
    const input = next.map(({ id: _id, ...item }: JsonObject) => item);
    const body = translated(responses, { input }, { dialect: anthropic, model: 'claude-sonnet-4-5' });
    expect((body['messages'] as readonly JsonObject[])[1]).toMatchObject({ content: blocks });
  });

  test('are left out where OpenAI is asked next, which would refuse them', () => {
    expect(nativeInput(next)).toEqual([next[0], ...next.slice(3)]);
    expect(nativeInput([next[0] as JsonObject])).toBeUndefined();
    expect(nativeInput('Hi')).toBeUndefined();
    expect(nativeInput(RECORDED['output'])).toBeUndefined();
  });

  test('in a stream are signed at their end', () => {
    const encoder = responses.streamEncoder({ ...META, includeUsage: false });
    const parts: StreamPart[] = [
      { type: 'reasoning', text: 'a' },
      { type: 'reasoning-signature', signature: 'S1' },
      { type: 'reasoning', text: 'b' },
      { type: 'reasoning-signature', signature: 'S2' },
      { type: 'reasoning-signature', signature: 'S3' },
      { type: 'text', text: 'c' },
    ];
    const text = parts.map((part) => encoder.encode(part)).join('') + encoder.end();
    const decoder = responses.streamDecoder();
    const read = text
      .split('\n\n')
      .flatMap((frame) => [
        ...(decoder.decode({ data: frame.split('data: ')[1] ?? '', event: undefined, id: undefined })?.parts ?? []),
      ]);
    expect(read.slice(1, -1)).toEqual(parts);
  });
});

test('a signature on a call of Gemini’s stays on its item, and does not reach OpenAI', () => {
  const content = [{ type: 'tool-call', id: 'c', name: 'f', json: '{}', signature: 'Sig' }] as const;
  const answer = { id: 'r', model: 'm', content, finishReason: undefined, usage: undefined };
  const output = responses.encodeAnswer(answer, META)['output'] as readonly JsonObject[];
  expect(responses.decodeRequest({ input: output }, new TranslationNotes()).messages).toEqual([
    { role: 'assistant', content },
  ]);
  expect(nativeInput(output)).toEqual([
    { id: 'fc_req-1_0', type: 'function_call', status: 'completed', arguments: '{}', call_id: 'c', name: 'f' },
  ]);
});

describe('thoughts that OpenAI encrypted', () => {
  const [thought] = RECORDED['output'] as readonly JsonObject[];
  const decoded = responses.decodeAnswer(RECORDED);

  test.each([
    [
      'anthropic.messages',
      (answer: JsonObject) => ({ max_tokens: 9, messages: [{ role: 'assistant', content: answer['content'] }] }),
    ],
    [
      'openai.chat',
      (answer: JsonObject) => ({ messages: [((answer['choices'] as JsonObject[])[0] as JsonObject)['message']] }),
    ],
    ['bedrock.converse', (answer: JsonObject) => ({ messages: [(answer['output'] as JsonObject)['message']] })],
  ] as const)('come back to it from callers of %s', (dialect, ask) => {
    const caller = codec(dialect);
    const answer = JSON.parse(JSON.stringify(caller.encodeAnswer(decoded, META))) as JsonObject;
    const body = translated(caller, ask(answer) as JsonObject, { dialect: responses, model: 'gpt-5-mini' });
    expect((body['input'] as readonly JsonObject[])[0]).toMatchObject({
      type: 'reasoning',
      id: thought?.['id'],
      encrypted_content: thought?.['encrypted_content'],
    });
  });

  test.each(['anthropic.messages', 'bedrock.converse', 'gemini.generate', 'openai.chat'] as const)(
    'mean nothing to another provider, and are not sent in %s',
    (dialect) => {
      const to = { dialect: codec(dialect), model: 'claude-sonnet-4-5' };
      const body = translated(responses, { input: ['Hi', ...(RECORDED['output'] as [])].map(asItem) }, to);
      expect(JSON.stringify(body)).not.toMatch(/gAAA|responsesthought|thinking|reasoning/);
    },
  );
});

function asItem(value: string | JsonObject): JsonObject {
  return typeof value === 'string' ? { role: 'user', content: value } : value;
}
