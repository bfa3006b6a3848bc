import { describe, expect, test } from 'vitest';
import { requestSizeOf } from './request-size.ts';

describe('the size of a request', () => {
  test('finds the bound of the answer in each dialect', () => {
    for (const name of ['max_tokens', 'max_completion_tokens', 'max_output_tokens']) {
      expect(requestSizeOf({ body: { value: { [name]: 7, messages: [] } } }).maxTokens).toBe(7);
    }
    expect(
      requestSizeOf({ body: { value: { contents: [], generationConfig: { maxOutputTokens: 7 } } } }).maxTokens,
    ).toBe(7);
  });

  test.each([
    ['openai.chat', { max_tokens: 9, max_completion_tokens: 5 }, 9],
    ['openai.chat', { max_output_tokens: 5 }, undefined],
    ['openai.responses', { max_output_tokens: 5, max_tokens: 9 }, 5],
    ['anthropic.messages', { max_tokens: 7 }, 7],
    ['bedrock.converse', { inferenceConfig: { maxTokens: 7 } }, 7],
    ['gemini.generate', { generationConfig: { maxOutputTokens: 7 }, max_tokens: 1 }, 7],
    ['gemini.generate', { maxOutputTokens: 1 }, undefined],
    ['openai.chat', { generationConfig: { max_tokens: 1 } }, undefined],
  ])('takes a bound in %s that its providers heed alone: %j', (dialect, value, maxTokens) => {
    expect(requestSizeOf({ dialect, body: { value } }).maxTokens).toBe(maxTokens);
  });

  test('counts the answers that are asked for', () => {
    expect(requestSizeOf({ body: { value: { n: 3 } } }).answers).toBe(3);
    expect(requestSizeOf({ body: { value: { generationConfig: { candidateCount: 2 } } } }).answers).toBe(2);
    expect(requestSizeOf({ body: { value: { n: 1, generationConfig: { candidateCount: 8 } } } }).answers).toBe(8);
  });

  test.each([undefined, null, 5, {}, { body: null }, { body: { value: 'text' } }])('%o has none', (request) => {
    expect(requestSizeOf(request)).toMatchObject({ inputTokens: 1, maxTokens: undefined });
  });
});
