import { atMost } from '../bounds/bound.ts';
import { count429s, unanswered } from '../bounds/measures.ts';
import type { Scenario } from '../scenario.ts';

const WAITERS = 100;
const CROWD_AT = 2;

export const oneReset: Scenario = {
  name: 'one-reset',
  title: '100 callers wait for one reset',
  seconds: 60,
  fleet: {
    openai: { style: 'openai', keys: [{ name: 'one', limits: { rpm: 300, burstSeconds: 2 } }] },
  },
  chain: ['openai/gpt-4o-mini'],
  arrivals: [
    // They empty the bucket; the crowd finds it so.
    { shape: 'poisson', load: 2, untilSeconds: CROWD_AT },
    { shape: 'crowd', count: WAITERS, fromSeconds: CROWD_AT },
  ],
  bounds: [
    atMost(0.01, '429s per waiter', ({ run }) => {
      return count429s(run.calls.filter(({ at }) => at >= CROWD_AT * 1_000)) / WAITERS;
    }),
    atMost(0, 'unanswered', ({ run }) => unanswered(run)),
  ],
};
