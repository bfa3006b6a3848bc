import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createLanes } from '../lanes.ts';
import type { Lane } from '../lane.ts';
import { UNKNOWN_PROFILE } from '../limits/profiles.ts';
import { Bucket } from './bucket.ts';
import { ONE_REQUEST } from './cost.ts';
import { Lease } from './lease.ts';

/** A provider that tells nothing, asked as fast as the lane allows, up to `demand` a second. Counts what came of it. */
function saturate(on: Lane, provider: Bucket, run: { from: number; seconds: number; demand: number }) {
  const { room } = on;
  let admitted = 0;
  let refused = 0;
  const end = run.from + run.seconds * 1_000;
  for (let now = run.from; now < end; now += 1_000 / run.demand) {
    if (on.opensIn(ONE_REQUEST, now) > 0) continue;
    const lease = new Lease(on, ONE_REQUEST, now);
    room.take(lease);
    if (provider.timeUntil(1, now) === 0) {
      provider.take(1, now);
      admitted += 1;
    } else {
      refused += 1;
      room.giveBack(lease, now);
      room.refused(lease, 'requests', now);
      room.rest = { kind: 'rate_limited', until: now + 1_000 };
    }
  }
  return { admitted, refused };
}

function silentLane(): Lane {
  const key = {
    credential: { name: 'k', value: 'v' },
    weight: 1,
    models: undefined,
    limits: undefined,
    quotaGroup: undefined,
    rest: undefined,
  };
  return createLanes([key], 'm', { profile: UNKNOWN_PROFILE, staleMs: 3_600_000 })[0] as Lane;
}

const provider = (rpm: number, burst: number) =>
  new Bucket({ dimension: 'requests', limit: rpm, windowMs: 60_000, capacity: burst }, 0);

it('finds any limit within two minutes: served to 95 % and more, refused 3 % of the time and less', () => {
  fc.assert(
    fc.property(fc.integer({ min: 60, max: 6_000 }), fc.integer({ min: 2, max: 30 }), (rpm, burstSeconds) => {
      const on = silentLane();
      const limit = provider(rpm, Math.max(2, (rpm * burstSeconds) / 60));
      const demand = (2 * rpm) / 60;
      saturate(on, limit, { from: 0, seconds: 120 + burstSeconds, demand });
      const { admitted, refused } = saturate(on, limit, { from: (120 + burstSeconds) * 1_000, seconds: 300, demand });
      expect(admitted).toBeGreaterThan(0.95 * rpm * 5);
      expect(refused / (admitted + refused)).toBeLessThanOrEqual(0.03);
    }),
    { numRuns: 40 },
  );
});

it('follows a limit that is doubled, and one that is halved', () => {
  const on = silentLane();
  const before = provider(600, 50);
  saturate(on, before, { from: 0, seconds: 120, demand: 40 });
  const doubled = provider(1_200, 100);
  saturate(on, doubled, { from: 120_000, seconds: 60, demand: 40 });
  expect(saturate(on, doubled, { from: 180_000, seconds: 120, demand: 40 }).admitted).toBeGreaterThan(0.9 * 20 * 120);
  const halved = provider(300, 25);
  saturate(on, halved, { from: 300_000, seconds: 60, demand: 40 });
  const { admitted, refused } = saturate(on, halved, { from: 360_000, seconds: 120, demand: 40 });
  expect(admitted).toBeGreaterThan(0.95 * 5 * 120);
  expect(refused / admitted).toBeLessThan(0.05);
});

it('is forgotten as soon as the provider tells its limit', () => {
  const key = {
    credential: { name: 'k', value: 'v' },
    weight: 1,
    models: undefined,
    limits: undefined,
    quotaGroup: undefined,
    rest: undefined,
  };
  const profile = {
    charge: 'requests',
    headers: [{ dimension: 'requests', window: 'minute', limit: 'l', remaining: 'r' }],
  } as const;
  const on = createLanes([key], 'm', { profile, staleMs: 1 })[0] as Lane;
  const lease = new Lease(on, ONE_REQUEST, 0);
  on.room.take(lease);
  on.room.refused(lease, 'requests', 1);
  expect(on.room.view(1).map(({ source }) => source)).toEqual(['estimated']);
  on.room.observe({ l: '60', r: '59' }, lease, 2);
  expect(on.room.view(2).map(({ source }) => source)).toEqual(['learned']);
});
