import { describe, expect, it } from 'vitest';
import { embeddingsResult, embeddingsUsage } from './embeddings.ts';

const META = { provider: 'openai', model: 'e', attempts: 1, trail: [], usage: undefined, cost: undefined };

describe('vectors', () => {
  it('come in the order of the inputs, as numbers or packed', () => {
    const packed = Buffer.from(new Float32Array([1, -2.5]).buffer).toString('base64');
    const data = [
      { index: 1, embedding: packed },
      { index: 0, embedding: [0.25, 4] },
    ];
    expect(embeddingsResult({ data }, META).embeddings).toEqual([
      [0.25, 4],
      [1, -2.5],
    ]);
  });

  it('are counted where the answer says', () => {
    expect(embeddingsUsage({ usage: { prompt_tokens: 7, total_tokens: 7 } })?.inputTokens).toBe(7);
    expect(embeddingsUsage({})).toBeUndefined();
  });
});
