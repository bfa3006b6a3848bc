import { describe, expect, it } from 'vitest';
import { createPool } from '../index.ts';
import { limitProfile } from '../limits/profiles.ts';
import { admissionCost, settlementDifference } from './charge.ts';

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
