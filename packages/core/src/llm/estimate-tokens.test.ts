import { describe, expect, test } from 'vitest';
import { estimateInputTokens } from './estimate-tokens.ts';

describe('the estimate of input tokens', () => {
  const message = (content: unknown) => ({ model: 'm', messages: [{ role: 'user', content }] });

  test.each([
    // Counts by the o200k vocabulary, the three tokens of a message's frame apart.
    ['Summarize this ticket.', 4],
    ['The quick brown fox jumps over the lazy dog. '.repeat(20), 201],
    ['export function add(a: number, b: number): number {\n  return a + b;\n}\n'.repeat(10), 230],
    ['今日は天気がいいから、散歩しましょう。'.repeat(10), 120],
  ])('%s: about %d', (text, tokens) => {
    const estimate = estimateInputTokens(message(text)) - 3;
    expect(estimate / tokens).toBeGreaterThan(0.6);
    expect(estimate / tokens).toBeLessThan(1.6);
  });

  test('reads the parts of all dialects, and no image byte by byte', () => {
    const image = { type: 'image_url', image_url: { url: `data:image/png;base64,${'A'.repeat(100_000)}` } };
    expect(estimateInputTokens(message([{ type: 'text', text: 'Hello' }, image]))).toBeLessThan(120);
    const gemini = { contents: [{ role: 'user', parts: [{ text: 'word '.repeat(100) }] }] };
    expect(estimateInputTokens(gemini)).toBeGreaterThan(60);
    expect(estimateInputTokens({ system: 'word '.repeat(100), messages: [] })).toBeGreaterThan(60);
  });

  test('reads no file byte by byte either: a page of a document is some 2,000 tokens', () => {
    const page = 'A'.repeat(100_000);
    for (const part of [
      { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: page } },
      { type: 'file', file: { filename: 'a.pdf', file_data: page } },
      { document: { format: 'pdf', name: 'a', source: { bytes: page } } },
    ]) {
      expect(estimateInputTokens(message([part]))).toBeGreaterThan(1_500);
      expect(estimateInputTokens(message([part]))).toBeLessThan(2_500);
    }
    const image = { image: { format: 'png', source: { bytes: page } } };
    expect(estimateInputTokens(message([image]))).toBeLessThan(120);
  });

  test('a prompt without end, or nested without end, is bounded in cost', () => {
    let nested: unknown = 'x';
    for (let i = 0; i < 10_000; i += 1) nested = [nested];
    expect(estimateInputTokens(message(nested))).toBeGreaterThan(0);
    expect(estimateInputTokens(message('a'.repeat(10_000_000)))).toBeCloseTo(2_000_003, -1);
  });
});
