import { atLeast, atMost } from '../bounds/bound.ts';
import { goodput, seen429s, upstream429s } from '../bounds/measures.ts';
import type { Scenario } from '../scenario.ts';

const limits = { rpm: 200, burstSeconds: 10 };

/** What every storm just below capacity must reach. */
export const BELOW_CAPACITY = [
  atLeast(0.99, 'goodput', ({ run }) => goodput(run)),
  atMost(0.01, 'upstream 429s', ({ run }) => upstream429s(run)),
  atMost(0, '429s seen by callers', ({ run }) => seen429s(run), 'count'),
];

export const bursts: Scenario = {
  name: 'bursts',
  title: '0.95 of capacity, bursts of 10 times',
  seconds: 600,
  fleet: {
    openai: { style: 'openai', keys: ['one', 'two', 'three'].map((name) => ({ name, limits })) },
  },
  chain: ['openai/gpt-4o-mini'],
  arrivals: [{ shape: 'bursts', load: 0.95, factor: 10, burstSeconds: 2, everySeconds: 40 }],
  bounds: BELOW_CAPACITY,
};
