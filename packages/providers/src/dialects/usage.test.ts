import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { totalInput, totalOutput, type JsonObject, type Usage } from '@x/core';
import * as anthropic from './anthropic-messages/answer/usage.ts';
import * as openai from './openai-chat/answer/usage.ts';
import * as responses from './openai-responses/answer/usage.ts';

const usage = (input: number, read: number, write: number, [output, reasoning]: readonly [number, number]): Usage => ({
  inputTokens: input,
  cacheReadTokens: read,
  cacheWriteTokens: write,
  outputTokens: output,
  reasoningTokens: reasoning,
});

describe('OpenAI counts in totals', () => {
  test.each<[string, JsonObject, Usage]>([
    ['plain', { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 }, usage(10, 0, 0, [5, 0])],
    [
      'with details',
      {
        prompt_tokens: 100,
        completion_tokens: 50,
        prompt_tokens_details: { cached_tokens: 60, cache_write_tokens: 30 },
        completion_tokens_details: { reasoning_tokens: 20 },
      },
      usage(10, 60, 30, [30, 20]),
    ],
    ['DeepSeek', { prompt_tokens: 30, completion_tokens: 1, prompt_cache_hit_tokens: 20 }, usage(10, 20, 0, [1, 0])],
    ['SGLang', { prompt_tokens: 1, completion_tokens: 9, reasoning_tokens: 4 }, usage(1, 0, 0, [5, 4])],
    [
      'xAI, whose reasoning stands beside the completion',
      {
        prompt_tokens: 10,
        completion_tokens: 5,
        total_tokens: 115,
        completion_tokens_details: { reasoning_tokens: 100 },
      },
      usage(10, 0, 0, [5, 100]),
    ],
    [
      'nonsense',
      { prompt_tokens: -3, completion_tokens: 'x', prompt_tokens_details: { cached_tokens: 9 } },
      usage(0, 0, 0, [0, 0]),
    ],
  ])('%s', (_name, value, expected) => {
    expect(openai.decodeUsage(value)).toEqual(expected);
  });
});

test('Responses count in totals, and never more in part than in all', () => {
  const value = {
    input_tokens: 100,
    input_tokens_details: { cached_tokens: 60, cache_write_tokens: 30 },
    output_tokens: 50,
    output_tokens_details: { reasoning_tokens: 20 },
  };
  expect(responses.decodeUsage(value)).toEqual(usage(10, 60, 30, [30, 20]));
  const nonsense = { input_tokens: 1, input_tokens_details: { cached_tokens: 9 }, output_tokens_details: 'x' };
  expect(responses.decodeUsage(nonsense)).toEqual(usage(0, 1, 0, [0, 0]));
});

test('Anthropic counts apart', () => {
  const value = {
    input_tokens: 10,
    cache_read_input_tokens: 60,
    cache_creation_input_tokens: 30,
    output_tokens: 50,
    output_tokens_details: { thinking_tokens: 20 },
  };
  expect(anthropic.decodeUsage(value)).toEqual(usage(10, 60, 30, [30, 20]));
});

test.each([null, undefined, 5, 'x', []])('%j is no usage', (value) => {
  expect(openai.decodeUsage(value)).toBeUndefined();
  expect(anthropic.decodeUsage(value)).toBeUndefined();
  expect(responses.decodeUsage(value)).toBeUndefined();
});

const count = fc.nat({ max: 1_000_000 });
const anyUsage: fc.Arbitrary<Usage> = fc.record({
  inputTokens: count,
  cacheReadTokens: count,
  cacheWriteTokens: count,
  outputTokens: count,
  reasoningTokens: count,
});

test.each([
  ['openai.chat', openai],
  ['openai.responses', responses],
  ['anthropic.messages', anthropic],
])('%s: what is written is read again, and no token is counted twice', (_name, codec) => {
  fc.assert(
    fc.property(anyUsage, (value) => {
      const read = codec.decodeUsage(codec.encodeUsage(value));
      expect(read).toEqual(value);
      expect(totalInput(value)).toBe(value.inputTokens + value.cacheReadTokens + value.cacheWriteTokens);
      expect(openai.encodeUsage(value)['total_tokens']).toBe(totalInput(value) + totalOutput(value));
    }),
  );
});
