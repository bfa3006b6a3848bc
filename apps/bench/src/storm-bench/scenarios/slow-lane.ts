import { atLeast, atMost } from '../bounds/bound.ts';
import { peakShare, shares } from '../bounds/measures.ts';
import type { RunRecord } from '../run/records.ts';
import type { Scenario } from '../scenario.ts';

const limits = { rpm: 600, burstSeconds: 10 };
const AILS = { fromSeconds: 60, untilSeconds: 180 };
const SECONDS = 300;
const AILING = { provider: 'openai', name: 'two' };
const FULL_SHARE = 0.25;
/** A return that shoots beyond this is a thundering one. */
const PEAK = 1.5;
const when = { key: AILING.name, from: AILS.fromSeconds * 1_000, until: AILS.untilSeconds * 1_000 };

function share(run: RunRecord, fromSeconds: number, untilSeconds: number): number {
  return shares(run, AILING.provider, { fromSeconds, untilSeconds }).get(AILING.name) ?? 0;
}

export const slowLane: Scenario = {
  name: 'slow-lane',
  title: 'a key turns 10 times slower, fails 20 %',
  seconds: SECONDS,
  fleet: {
    openai: { style: 'openai', keys: ['one', 'two', 'three', 'four'].map((name) => ({ name, limits })) },
  },
  chain: ['openai/gpt-4o-mini'],
  arrivals: [{ shape: 'poisson', load: 0.5 }],
  // Usually about 0.9 s.
  faults: [
    { name: 'slow_first_token', ms: 8_000, when },
    { name: 'server_error_500', when: { ...when, probability: 0.2 } },
  ],
  bounds: [
    atMost(0.05, 'its share 10 s after', ({ run }) => share(run, AILS.fromSeconds + 10, AILS.untilSeconds)),
    atLeast(0.9, 'its share 60 s after it healed, of its full one', ({ run }) => {
      return share(run, AILS.untilSeconds + 60, SECONDS) / FULL_SHARE;
    }),
    atMost(
      PEAK,
      'its highest share in 5 s after it healed, times its full one',
      ({ run }) => peakShare(run, AILING, { fromSeconds: AILS.untilSeconds, untilSeconds: SECONDS }) / FULL_SHARE,
      'times',
    ),
  ],
};
