import type { Dialect, JsonObject } from '@x/core';
import { describe, expect, test } from 'vitest';
import { DEFAULT_QUIRKS } from '../../dialects/quirks.ts';
import { TranslationNotes } from '../../hub/notes.ts';
import { thrownBy } from '../../testing/rejection.ts';
import { COUNTS } from './counts.ts';

const TOOL = { name: 'f', input_schema: { type: 'object', properties: {} } };
const BODY: JsonObject = { model: 'x', system: 'Be kind.', messages: [{ role: 'user', content: 'Hi' }], tools: [TOOL] };

function translate(to: Dialect, model: string): JsonObject {
  const notes = new TranslationNotes();
  const caller = COUNTS.callers.find(({ dialect }) => dialect === 'anthropic.count_tokens');
  const target = COUNTS.targets.find(({ dialect }) => dialect === to);
  if (caller === undefined || target === undefined) throw new Error(to);
  const sent = target.encodeRequest(caller.decodeRequest(BODY, notes), { model, quirks: DEFAULT_QUIRKS, notes });
  // A limit for the answer is made up for some targets; of a count nobody has to hear of it.
  expect(notes.headers()).toEqual({});
  return sent;
}

describe('a prompt is counted whole, with what shapes the answer left out', () => {
  test.each<[Dialect, string, JsonObject]>([
    ['anthropic.count_tokens', 'claude-sonnet-4-5', BODY],
    [
      'gemini.count_tokens',
      'gemini-2.5-flash',
      {
        generateContentRequest: {
          model: 'models/gemini-2.5-flash',
          contents: [{ role: 'user', parts: [{ text: 'Hi' }] }],
          systemInstruction: { parts: [{ text: 'Be kind.' }] },
          tools: [{ functionDeclarations: [{ name: 'f' }] }],
        },
      },
    ],
    [
      'bedrock.count_tokens',
      'anthropic.claude-3-haiku',
      {
        input: {
          converse: {
            system: [{ text: 'Be kind.' }],
            messages: [{ role: 'user', content: [{ text: 'Hi' }] }],
            toolConfig: { tools: [{ toolSpec: { name: 'f', inputSchema: { json: TOOL.input_schema } } }] },
          },
        },
      },
    ],
  ])('%s', (to, model, sent) => {
    expect(translate(to, model)).toEqual({ ...sent, ...(to === 'anthropic.count_tokens' && { model }) });
  });

  test('openai.input_tokens', () => {
    const sent = translate('openai.input_tokens', 'gpt-5');
    expect(Object.keys(sent).toSorted()).toEqual(['input', 'instructions', 'model', 'tools']);
    expect(sent).toMatchObject({ model: 'gpt-5', instructions: 'Be kind.', tools: [{ type: 'function', name: 'f' }] });
  });
});

test.each<[Dialect, JsonObject]>([
  ['anthropic.count_tokens', { input_tokens: 7 }],
  ['gemini.count_tokens', { totalTokens: 7 }],
  ['bedrock.count_tokens', { inputTokens: 7 }],
  ['openai.input_tokens', { object: 'response.input_tokens', input_tokens: 7 }],
])('an answer of %s', (dialect, body) => {
  const target = COUNTS.targets.find((each) => each.dialect === dialect);
  expect(target?.failureIn(body)).toBeUndefined();
  expect(target?.decodeAnswer(body)).toBe(7);
  expect(target?.readUsage(body, {})).toBeUndefined();
  expect(target?.failureIn({})).toMatchObject({ message: expect.stringContaining('without') });
  expect(target?.failureIn({ message: 'no' })).toEqual({ message: 'no' });
});

test('Gemini’s callers count contents alone or a whole request, which names its model again', () => {
  const gemini = COUNTS.callers.find(({ dialect }) => dialect === 'gemini.count_tokens');
  const contents = [{ role: 'user', parts: [{ text: 'Hi' }] }];
  const notes = new TranslationNotes();
  const plain = gemini?.decodeRequest({ contents }, notes);
  expect(gemini?.decodeRequest({ generateContentRequest: { contents } }, notes)).toEqual(plain);
  expect(thrownBy(() => gemini?.decodeRequest({ generateContentRequest: 4 }, notes))).toMatchObject({
    param: 'generateContentRequest',
  });
  expect(gemini?.aim?.({ generateContentRequest: { contents } }, 'g')).toMatchObject({
    generateContentRequest: { model: 'models/g', contents },
  });
});
