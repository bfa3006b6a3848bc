import { atMost } from '../bounds/bound.ts';
import { seen429s, shareError, upstream429s } from '../bounds/measures.ts';
import type { FleetProvider } from '../fleet.ts';
import type { Scenario } from '../scenario.ts';

/** Weights that no limit bends: the fullest key stands at 0.84 of its limit. */
const OPENAI: FleetProvider = {
  style: 'openai',
  keys: [
    { name: 'one', weight: 0.4, limits: { rpm: 210 } },
    { name: 'two', weight: 0.3, limits: { rpm: 150 } },
    { name: 'three', weight: 0.2, limits: { rpm: 150 } },
    { name: 'four', weight: 0.1, limits: { rpm: 90 } },
  ],
};

export const comfortable: Scenario = {
  name: 'comfortable',
  title: '0.7 of capacity, 4 unequal keys',
  seconds: 600,
  fleet: { openai: OPENAI },
  chain: ['openai/gpt-4o-mini'],
  arrivals: [{ shape: 'poisson', load: 0.7 }],
  bounds: [
    atMost(0, '429s seen by callers', ({ run }) => seen429s(run), 'count'),
    atMost(0.001, 'upstream 429s', ({ run }) => upstream429s(run)),
    atMost(2, 'shares off by', ({ run }) => 100 * shareError(run, 'openai', OPENAI.keys), 'points'),
  ],
};
