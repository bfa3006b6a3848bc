import type { Stream } from '../arrivals/stream.ts';
import { atLeast, atMost } from '../bounds/bound.ts';
import { totalMs, unanswered } from '../bounds/measures.ts';
import type { RunRecord } from '../run/records.ts';
import type { Scenario } from '../scenario.ts';

const limits = { rpm: 200, burstSeconds: 10 };
const BEHAVED = Array.from({ length: 9 }, (_, index) => `tenant-${index + 1}`);
const FLOODER = 'flooder';

/** Ten tenants with a tenth of the capacity each; the nine use 0.08. */
const behaved = BEHAVED.map((tenant): Stream => ({ shape: 'poisson', tenant, load: 0.08 }));

function ofTheNine(run: RunRecord): RunRecord {
  return { ...run, requests: run.requests.filter(({ arrival }) => arrival.tenant !== FLOODER), hung: 0 };
}

export const flood: Scenario = {
  name: 'flood',
  title: 'one tenant floods at 10 times its share',
  seconds: 300,
  fleet: {
    openai: { style: 'openai', keys: ['one', 'two', 'three'].map((name) => ({ name, limits })) },
  },
  chain: ['openai/gpt-4o-mini'],
  arrivals: [...behaved, { shape: 'poisson', tenant: FLOODER, load: 1 }],
  compareWith: [...behaved, { shape: 'poisson', tenant: FLOODER, load: 0.08 }],
  bounds: [
    atLeast(0.999, 'the nine answered', ({ run }) => 1 - unanswered(ofTheNine(run))),
    atMost(
      1.5,
      'p99 of the nine, times that without the flood',
      ({ run, comparison = run }) =>
        totalMs(ofTheNine(run).requests, 0.99) / totalMs(ofTheNine(comparison).requests, 0.99),
      'times',
    ),
  ],
};
