import { atLeast, atMost } from '../bounds/bound.ts';
import { callsOfIdeal, goodput } from '../bounds/measures.ts';
import type { Scenario } from '../scenario.ts';

const limits = { rpm: 300, burstSeconds: 10 };
const DOUBLED_AT = 120;
const HALVED_AT = 300;
const SECONDS = 480;
/** An operator's tier change is learned within so long. */
const LEARNED_SECONDS = 60;
const DOUBLED = { fromSeconds: DOUBLED_AT + LEARNED_SECONDS, untilSeconds: HALVED_AT };
const HALVED = { fromSeconds: HALVED_AT + LEARNED_SECONDS, untilSeconds: SECONDS };

export const changingLimits: Scenario = {
  name: 'changing-limits',
  title: 'limits doubled, then halved',
  seconds: SECONDS,
  fleet: {
    openai: { style: 'openai', keys: ['one', 'two'].map((name) => ({ name, limits })) },
  },
  chain: ['openai/gpt-4o-mini'],
  // More than the doubled limits allow, so that goodput shows what is believed of them.
  arrivals: [{ shape: 'poisson', load: 2.5 }],
  changes: [
    { atSeconds: DOUBLED_AT, factor: 2 },
    { atSeconds: HALVED_AT, factor: 1 },
  ],
  bounds: [
    atLeast(0.95, 'goodput 60 s after doubling', ({ run }) => goodput(run, DOUBLED)),
    atMost(1.05, 'calls sent 60 s after doubling, of the ideal', ({ run }) => callsOfIdeal(run, DOUBLED)),
    atLeast(0.95, 'goodput 60 s after halving', ({ run }) => goodput(run, HALVED)),
    atMost(1.05, 'calls sent 60 s after halving, of the ideal', ({ run }) => callsOfIdeal(run, HALVED)),
  ],
};
