import { describe, expect, it } from 'vitest';
import { createPool } from '../index.ts';
import { limitProfile } from '../limits/profiles.ts';
import { sizeOf } from '../request-size.ts';
import { admissionCost, settlementDifference } from './charge.ts';
import { estimateInputTokens } from './estimate-tokens.ts';
import { ModelUsage } from './model-usage.ts';

const size = { inputTokens: 100, maxTokens: 1_000, answers: 1 };
const unset = { ...size, maxTokens: undefined };
const usage = { inputTokens: 120, cacheReadTokens: 500, cacheWriteTokens: 30, outputTokens: 40, reasoningTokens: 10 };

describe('what is charged at admission', () => {
  it.each([
    ['openai', size, 1_000],
    ['openai', unset, 100],
    ['azure', size, 1_100],
    ['azure', { ...size, answers: 3 }, 3_100],
    ['groq', size, 1_100],
    ['cerebras', unset, 100],
    ['gemini', size, 100],
    ['bedrock', size, 1_100],
    ['bedrock', unset, 4_196],
    ['deepseek', size, 0],
  ] as const)('%s, %o: %d tokens', (provider, request, tokens) => {
    expect(admissionCost(limitProfile(provider).charge, request, 256)).toMatchObject({ requests: 1, tokens });
  });

  it('anthropic: input at once, output as usual, whatever max_tokens says', () => {
    expect(admissionCost('input-live', size, 256)).toMatchObject({ inputTokens: 100, outputTokens: 256 });
    expect(admissionCost('input-live', { ...size, maxTokens: 10 }, 256)).toMatchObject({ outputTokens: 10 });
  });
});

describe('what is settled', () => {
  it('bedrock gives the reserve back, cache reads free', () => {
    const charged = admissionCost('reserve', size, 256);
    expect(settlementDifference('reserve', charged, usage)?.tokens).toBe(120 + 30 + 50 - 1_100);
  });

  it('anthropic corrects input and output, cache reads free', () => {
    const charged = admissionCost('input-live', size, 256);
    expect(settlementDifference('input-live', charged, usage)).toMatchObject({
      requests: 0,
      inputTokens: 50,
      outputTokens: 50,
    });
  });

  it('openai, azure and groq keep what they charged', () => {
    for (const style of ['max', 'sum', 'input', 'requests'] as const) {
      expect(settlementDifference(style, admissionCost(style, size, 256), usage)).toBeUndefined();
    }
  });

  it('room comes back to the lane that reserved it', () => {
    const pool = createPool({ name: 'bedrock', keys: [{ value: 'x', tpm: 1_100 }] });
    const lease = pool.take('m', 0, { cost: pool.costOf('m', size) });
    if (lease === undefined) throw new Error('no room');
    expect(pool.opensIn('m', 0, lease.cost)).toBe(60_000);
    pool.settle(lease, usage, 0);
    expect(pool.snapshot(0)[0]?.room[0]?.room).toBe(900);
  });
});

describe('the estimate of input tokens', () => {
  const message = (content: unknown) => ({ model: 'm', messages: [{ role: 'user', content }] });

  it.each([
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

  it('reads the parts of all dialects, and no image byte by byte', () => {
    const image = { type: 'image_url', image_url: { url: `data:image/png;base64,${'A'.repeat(100_000)}` } };
    expect(estimateInputTokens(message([{ type: 'text', text: 'Hello' }, image]))).toBeLessThan(120);
    const gemini = { contents: [{ role: 'user', parts: [{ text: 'word '.repeat(100) }] }] };
    expect(estimateInputTokens(gemini)).toBeGreaterThan(60);
    expect(estimateInputTokens({ system: 'word '.repeat(100), messages: [] })).toBeGreaterThan(60);
  });

  it('a prompt without end, or nested without end, is bounded in cost', () => {
    let nested: unknown = 'x';
    for (let i = 0; i < 10_000; i += 1) nested = [nested];
    expect(estimateInputTokens(message(nested))).toBeGreaterThan(0);
    expect(estimateInputTokens(message('a'.repeat(10_000_000)))).toBeCloseTo(2_000_003, -1);
  });

  it('is corrected by what the model has counted', () => {
    const learned = new ModelUsage();
    for (let i = 0; i < 60; i += 1) learned.learn(100, 150, 20);
    expect(learned.ratio).toBeCloseTo(1.5, 1);
    expect(learned.outputTokens).toBeCloseTo(20, 0);
    learned.learn(100, 1e12, 1);
    expect(learned.ratio).toBeLessThan(2.5);
  });

  it('does not run away when many answers come to requests that were sized before the last one taught', () => {
    const pool = createPool({ name: 'anthropic', keys: [{ value: 'v' }], env: {} });
    const real = { ...usage, inputTokens: 80, cacheReadTokens: 0, cacheWriteTokens: 0 };
    const estimates: number[] = [];
    for (let round = 0; round < 20; round += 1) {
      const held = Array.from({ length: 30 }, () => {
        const cost = pool.costOf('m', { inputTokens: 100, maxTokens: 500, answers: 1 });
        estimates.push(cost.inputTokens);
        return pool.take('m', round * 60_000, { cost });
      });
      for (const lease of held) if (lease !== undefined) pool.settle(lease, real, round * 60_000);
    }
    expect(estimates.at(-1)).toBeLessThanOrEqual(81);
    expect(Math.min(...estimates)).toBeGreaterThanOrEqual(80);
  });
});

describe('the size of a request', () => {
  it('finds the bound of the answer in each dialect', () => {
    for (const name of ['max_tokens', 'max_completion_tokens', 'max_output_tokens']) {
      expect(sizeOf({ body: { value: { [name]: 7, messages: [] } } }).maxTokens).toBe(7);
    }
  });

  it.each([undefined, null, 5, {}, { body: null }, { body: { value: 'text' } }])('%o has none', (request) => {
    expect(sizeOf(request)).toMatchObject({ inputTokens: 1, maxTokens: undefined });
  });
});
