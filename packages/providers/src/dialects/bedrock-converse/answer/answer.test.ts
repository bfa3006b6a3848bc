import { describe, expect, test } from 'vitest';
import { bedrockConverse as codec } from '../codec.ts';

const META = { id: 'r', model: 'm', now: 0 };
const answer = {
  output: {
    message: {
      role: 'assistant',
      content: [
        { reasoningContent: { reasoningText: { text: 'hm', signature: 's' } } },
        { text: 'Hi' },
        { toolUse: { toolUseId: 't', name: 'f', input: { a: 1 } } },
      ],
    },
  },
  stopReason: 'tool_use',
  usage: { inputTokens: 5, outputTokens: 7, totalTokens: 15, cacheReadInputTokens: 2, cacheWriteInputTokens: 1 },
  metrics: { latencyMs: 0 },
};

test('an answer, there and back', () => {
  const decoded = codec.decodeAnswer(answer);
  expect(decoded).toEqual({
    id: undefined,
    model: undefined,
    content: [
      { type: 'reasoning', text: 'hm', signature: 's' },
      { type: 'text', text: 'Hi' },
      { type: 'tool-call', id: 't', name: 'f', json: '{"a":1}' },
    ],
    finishReason: 'tool_calls',
    usage: { inputTokens: 5, cacheReadTokens: 2, cacheWriteTokens: 1, outputTokens: 7, reasoningTokens: 0 },
  });
  expect(codec.encodeAnswer(decoded, META)).toEqual(answer);
});

test.each([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['tool_use', 'tool_calls'],
  ['guardrail_intervened', 'content_filter'],
  ['content_filtered', 'content_filter'],
  ['something_new', 'other'],
])('stopReason %s is %s', (stopReason, reason) => {
  expect(codec.readFinishReason({ ...answer, stopReason })).toBe(reason);
});

describe('a 200 that is no answer', () => {
  test.each([
    [{}],
    [{ output: null }],
    [{ output: { message: { content: 'text' } } }],
    [{ message: 'broken' }],
    [{ ...answer, stopReason: 'malformed_tool_use' }],
    [{ ...answer, stopReason: 'malformed_model_output' }],
  ])('%j', (body) => {
    expect(codec.failureIn(body)).toBeDefined();
  });

  test('but this is one', () => {
    expect(codec.failureIn(answer)).toBeUndefined();
  });
});
