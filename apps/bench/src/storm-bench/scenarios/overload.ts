import { atLeast, atMost } from '../bounds/bound.ts';
import { goodput, lateRefusals, refusalsWithoutTime, upstream429s } from '../bounds/measures.ts';
import type { Scenario } from '../scenario.ts';

const limits = { rpm: 200, burstSeconds: 10 };

export const overload: Scenario = {
  name: 'overload',
  title: '1.5 times capacity, one target',
  seconds: 600,
  fleet: {
    openai: { style: 'openai', keys: ['one', 'two', 'three'].map((name) => ({ name, limits })) },
  },
  chain: ['openai/gpt-4o-mini'],
  arrivals: [{ shape: 'poisson', load: 1.5 }],
  bounds: [
    atLeast(0.97, 'goodput', ({ run }) => goodput(run)),
    atMost(0.02, 'upstream 429s', ({ run }) => upstream429s(run)),
    atMost(0, 'refusals without a time', ({ run }) => refusalsWithoutTime(run)),
    atMost(0.01, 'refusals after a wait in vain', ({ run }) => lateRefusals(run)),
    atMost(0, 'hung', ({ run }) => run.hung, 'count'),
  ],
};
