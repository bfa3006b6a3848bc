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

  test('Bedrock has its bound, and Gemini its answers, in a place of their own', () => {
    const bedrock = { body: { value: { messages: [], inferenceConfig: { maxTokens: 7 } } } };
    expect(requestSizeOf(bedrock).maxTokens).toBe(7);
    const gemini = { body: { value: { contents: [], generationConfig: { candidateCount: 3 } } } };
    expect(requestSizeOf(gemini).answers).toBe(3);
  });

  test.each([undefined, null, 5, {}, { body: null }, { body: { value: 'text' } }])('%o has none', (request) => {
    expect(requestSizeOf(request)).toMatchObject({ inputTokens: 1, maxTokens: undefined });
  });
});
