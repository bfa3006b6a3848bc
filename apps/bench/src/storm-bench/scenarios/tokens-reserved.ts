import type { Scenario } from '../scenario.ts';
import { BELOW_CAPACITY } from './bursts.ts';

const limits = { rpm: 1_500, tpm: 400_000, burstSeconds: 10 };

/** OpenAI charges the larger of input and max_tokens when it admits, and gives nothing back. */
export const tokensReserved: Scenario = {
  name: 'tokens-reserved',
  title: 'tokens bind, max_tokens reserved',
  seconds: 600,
  fleet: {
    openai: { style: 'openai', keys: ['one', 'two', 'three'].map((name) => ({ name, limits })) },
  },
  chain: ['openai/gpt-4o-mini'],
  arrivals: [
    {
      shape: 'bursts',
      load: 0.95,
      factor: 10,
      burstSeconds: 2,
      everySeconds: 40,
      inputTokens: { min: 100, max: 500 },
      maxTokens: { min: 1_000, max: 3_000 },
    },
  ],
  bounds: BELOW_CAPACITY,
};
