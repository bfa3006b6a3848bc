import { atLeast, atMost } from '../bounds/bound.ts';
import { goodput, upstream429s } from '../bounds/measures.ts';
import type { Scenario } from '../scenario.ts';

const limits = { rpm: 200, burstSeconds: 10 };

export const replicas: Scenario = {
  name: 'replicas',
  title: '3 replicas, no store, 1.2 times capacity',
  seconds: 600,
  fleet: {
    openai: { style: 'openai', keys: ['one', 'two', 'three'].map((name) => ({ name, limits })) },
  },
  chain: ['openai/gpt-4o-mini'],
  arrivals: [{ shape: 'poisson', load: 1.2 }],
  replicas: 3,
  bounds: [
    atLeast(0.95, 'goodput', ({ run }) => goodput(run)),
    atMost(0.03, 'upstream 429s', ({ run }) => upstream429s(run)),
  ],
};
