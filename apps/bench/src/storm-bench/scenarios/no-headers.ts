import { atLeast, atMost } from '../bounds/bound.ts';
import { goodput, upstream429s } from '../bounds/measures.ts';
import type { Scenario } from '../scenario.ts';

const limits = { rpm: 200, burstSeconds: 10 };
const SECONDS = 600;
const AFTER = { fromSeconds: 120, untilSeconds: SECONDS };

/** Bedrock sends no limits, and no time with its 429s. */
export const noHeaders: Scenario = {
  name: 'no-headers',
  title: 'no headers at all, 1.2 times capacity',
  seconds: SECONDS,
  fleet: {
    bedrock: { style: 'bedrock', keys: ['one', 'two', 'three'].map((name) => ({ name, limits })) },
  },
  chain: ['bedrock/anthropic.claude-3-haiku-20240307-v1:0'],
  arrivals: [{ shape: 'poisson', load: 1.2 }],
  bounds: [
    atLeast(0.95, 'goodput after 2 min', ({ run }) => goodput(run, AFTER)),
    atMost(0.03, 'upstream 429s after 2 min', ({ run }) => upstream429s(run, AFTER)),
  ],
};
