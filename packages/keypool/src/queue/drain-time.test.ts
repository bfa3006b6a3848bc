import { describe, expect, it } from 'vitest';
import { createLanes } from '../lanes.ts';
import { UNKNOWN_PROFILE } from '../limits/profiles.ts';
import type { Lane } from '../lane.ts';
import { ONE_REQUEST } from '../room/cost.ts';
import { Lease } from '../room/lease.ts';
import type { ConfiguredLimits } from '../room/room.ts';
import { DrainForecast } from './drain-time.ts';

const drainTime = (lanes: readonly Lane[], wanted: Parameters<DrainForecast['timeFor']>[0], now: number) =>
  new DrainForecast(lanes).timeFor(wanted, now);

function lanes(limits: readonly (ConfiguredLimits | undefined)[]): Lane[] {
  const keys = limits.map((each, index) => ({
    credential: { name: `${index}`, value: 'v' },
    weight: 1,
    models: undefined,
    limits: each,
    quotaGroup: undefined,
    rest: undefined,
  }));
  return createLanes(keys, 'm', { profile: UNKNOWN_PROFILE, staleMs: 3_600_000 });
}

function emptied(limits: readonly ConfiguredLimits[]): Lane[] {
  const all = lanes(limits);
  for (const lane of all)
    lane.room.take(new Lease(lane, { ...ONE_REQUEST, requests: lane.room.view(0)[0]?.room ?? 0 }, 0));
  return all;
}

const ahead = (requests: number) => ({ ahead: { ...ONE_REQUEST, requests }, cost: ONE_REQUEST });

describe('the time until the lanes have given out', () => {
  it('is that of whole requests: two lanes with half a one each have none to give', () => {
    const both = emptied([{ rpm: 60 }, { rpm: 60 }]);
    expect(drainTime(both, ahead(0), 500)).toBeCloseTo(500, -1);
    expect(drainTime(both, ahead(1), 500)).toBeCloseTo(500, -1);
    expect(drainTime(both, ahead(2), 500)).toBeCloseTo(1_500, -1);
  });

  it('begins for each lane at the end of its rest', () => {
    const both = emptied([{ rpm: 60 }, { rpm: 60 }]);
    const [resting] = both;
    if (resting !== undefined) resting.room.rest = { kind: 'rate_limited', until: 30_000 };
    expect(drainTime(both, ahead(9), 0)).toBeCloseTo(10_000, -1);
    expect(drainTime(both, ahead(69), 0)).toBeCloseTo(35_000, -1);
  });

  it('is exact with a lane that rests for an hour beside one that does not', () => {
    const both = emptied([{ rpm: 60 }, { rpm: 7 }]);
    const resting = both[1];
    if (resting !== undefined) resting.room.rest = { kind: 'rate_limited', until: 3_600_000 };
    expect(drainTime(both, ahead(2), 0)).toBeCloseTo(3_000, -1);
  });

  it('is that of a rest where nothing is known, and endless where an operator has to act', () => {
    const [only] = lanes([undefined]);
    if (only === undefined) throw new Error('no lane');
    only.room.rest = { kind: 'rate_limited', until: 5_000 };
    expect(drainTime([only], ahead(50), 0)).toBe(5_000);
    only.rest = { kind: 'authentication', until: Infinity };
    expect(drainTime([only], ahead(0), 0)).toBe(Infinity);
  });

  it('does not halve the time for keys of one quota group', () => {
    const keys = ['a', 'b'].map((name) => ({
      credential: { name, value: 'v' },
      weight: 1,
      models: undefined,
      limits: { rpm: 60 },
      quotaGroup: 'org',
      rest: undefined,
    }));
    const group = createLanes(keys, 'm', { profile: UNKNOWN_PROFILE, staleMs: 3_600_000 });
    const [first] = group;
    if (first === undefined) throw new Error('no lane');
    first.room.take(new Lease(first, { ...ONE_REQUEST, requests: 60 }, 0));
    expect(drainTime(group, ahead(9), 0)).toBeCloseTo(10_000, -1);
  });
});
