import { atLeast, atMost } from '../bounds/bound.ts';
import { goodputOfFirst, unanswered, upstream429s } from '../bounds/measures.ts';
import type { Scenario } from '../scenario.ts';
import { overload } from './overload.ts';

export const overloadWithFallback: Scenario = {
  ...overload,
  name: 'overload-with-fallback',
  title: 'the same, with a fallback that has room',
  fleet: {
    ...overload.fleet,
    anthropic: { style: 'anthropic', keys: [{ name: 'spare', limits: { rpm: 600, burstSeconds: 10 } }] },
  },
  chain: ['openai/gpt-4o-mini', 'anthropic/claude-3-5-haiku-20241022'],
  bounds: [
    atMost(0, 'unanswered', ({ run }) => unanswered(run)),
    atLeast(0.95, 'goodput of the first', ({ run }) => goodputOfFirst(run, 'openai')),
    atMost(0.02, 'upstream 429s', ({ run }) => upstream429s(run)),
  ],
};
