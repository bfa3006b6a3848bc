import type { Scenario } from '../scenario.ts';
import { BELOW_CAPACITY } from './bursts.ts';

const limits = { rpm: 1_500, itpm: 75_000, otpm: 20_000, burstSeconds: 10 };

/** Anthropic charges input when it admits and output as it is produced; max_tokens does not count. */
export const tokensSettled: Scenario = {
  name: 'tokens-settled',
  title: 'tokens bind, max_tokens free',
  seconds: 600,
  fleet: {
    anthropic: {
      style: 'anthropic',
      keys: ['one', 'two', 'three'].map((name) => ({ name, limits })),
      outputTokens: 60,
    },
  },
  chain: ['anthropic/claude-3-5-haiku-20241022'],
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
