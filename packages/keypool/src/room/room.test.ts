import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLanes } from '../lanes.ts';
import { limitProfile, LIMIT_PROFILES } from '../limits/profiles.ts';
import type { Lane } from '../lane.ts';
import { ONE_REQUEST } from './cost.ts';
import { Lease } from './lease.ts';
import type { ConfiguredLimits } from './room.ts';

function lane(provider: string, limits?: ConfiguredLimits): Lane {
  const key = {
    credential: { name: 'k', value: 'v' },
    weight: 1,
    models: undefined,
    limits,
    quotaGroup: undefined,
    rest: undefined,
  };
  return createLanes([key], 'm', { profile: limitProfile(provider), staleMs: 3_600_000 })[0] as Lane;
}

function send(on: Lane, now: number, cost = ONE_REQUEST): Lease {
  const lease = new Lease(on, cost, now);
  on.room.take(lease);
  return lease;
}

const requests = (limit: number, remaining: number, reset: string) => ({
  'x-ratelimit-limit-requests': String(limit),
  'x-ratelimit-remaining-requests': String(remaining),
  'x-ratelimit-reset-requests': reset,
});

const roomOf = (on: Lane, now: number) => on.room.view(now)[0]?.room;

describe('what is learned', () => {
  it('is what remained, less what was sent since, plus what refilled since', () => {
    const on = lane('openai');
    const first = send(on, 0);
    send(on, 150);
    send(on, 200);
    on.room.observe(requests(600, 40, '1s'), first, 300);
    // It took up to 100 ms to arrive.
    expect(roomOf(on, 300)).toBe(40 + 2 - 2);
    expect(roomOf(on, 500)).toBe(42);
  });

  it('a call that was sent at about the same time may have been counted after the one that is answered', () => {
    const on = lane('openai');
    send(on, 0);
    const second = send(on, 50);
    send(on, 100);
    on.room.observe(requests(600, 40, '1s'), second, 150);
    expect(roomOf(on, 150)).toBe(40 - 2);
  });

  it('our own reckoning stands as long as calls that overtook each other explain what is told', () => {
    const on = lane('openai');
    on.room.observe(requests(600, 40, '1s'), send(on, 0), 200);
    const [first, second] = [send(on, 1_000), send(on, 1_020)];
    const reckoned = roomOf(on, 1_100);
    // The second arrived first.
    on.room.observe(requests(600, 48, '200ms'), first, 1_100);
    on.room.observe(requests(600, 49, '100ms'), second, 1_100);
    expect(roomOf(on, 1_100)).toBe(reckoned);
    expect(on.room.view(1_100)[0]?.others).toBe(0);
  });

  it('a lane that holds less than a minute of its limit is known by its reset', () => {
    const on = lane('openai');
    on.room.observe(requests(600, 10, '4s'), send(on, 0), 0);
    expect(on.room.view(0)[0]).toMatchObject({ limit: 600, capacity: 50, room: 10, fullInMs: 4_000 });
    expect(roomOf(on, 60_000)).toBe(50);
  });

  it('an answer that is late does not undo what a later call was told', () => {
    const on = lane('openai');
    const slow = send(on, 0);
    const quick = send(on, 10);
    on.room.observe(requests(600, 5, '4.5s'), quick, 20);
    const before = roomOf(on, 20);
    on.room.observe(requests(600, 49, '100ms'), slow, 20);
    expect(roomOf(on, 20)).toBe(before);
  });

  it('a call that was refused took nothing', () => {
    const on = lane('openai');
    on.room.observe(requests(600, 0, '5s'), send(on, 0), 0);
    const refused = send(on, 200);
    on.room.giveBack(refused, 210);
    on.room.observe(requests(600, 0, '5s'), refused, 210);
    expect(roomOf(on, 210)).toBe(0);
  });

  it('a limit that doubles or halves counts at once', () => {
    const on = lane('openai');
    on.room.observe(requests(600, 0, '5s'), send(on, 0), 0);
    on.room.observe(requests(1_200, 0, '5s'), send(on, 1_000), 1_000);
    expect(on.room.view(1_000)[0]).toMatchObject({ limit: 1_200, capacity: 100, room: 0 });
    on.room.observe(requests(300, 0, '5s'), send(on, 2_000), 2_000);
    expect(on.room.view(2_000)[0]).toMatchObject({ limit: 300, capacity: 25, room: 0 });
  });

  it('what Anthropic rounds to thousands corrects the reckoning no further than its rounding', () => {
    const on = lane('anthropic');
    const headers = (remaining: number) => ({
      'anthropic-ratelimit-input-tokens-limit': '60000',
      'anthropic-ratelimit-input-tokens-remaining': String(remaining),
    });
    const cost = { ...ONE_REQUEST, inputTokens: 100 };
    on.room.observe(headers(50_000), send(on, 0, cost), 0);
    const before = roomOf(on, 0) as number;
    on.room.observe(headers(49_000), send(on, 0, cost), 0);
    expect(roomOf(on, 0)).toBe(before - 100);
    on.room.observe(headers(47_000), send(on, 0, cost), 0);
    expect(roomOf(on, 0)).toBe(46_500 - 200);
  });

  it('others that use the same key are counted with what refills', () => {
    const on = lane('openai');
    for (let i = 0; i <= 100; i += 1) {
      // Half of the ten that refill each second goes to somebody else.
      on.room.observe(requests(600, Math.max(0, 40 - i), '5s'), send(on, i * 200), i * 200);
    }
    expect(on.room.timeUntil(ONE_REQUEST, 20_000)).toBeGreaterThan(150);
  });
});

describe('a key that others use as well', () => {
  const told = (left: number) => requests(600, left, `${(50 - left) * 100}ms`);
  const shared = () => {
    const on = lane('openai');
    // Of ten that refill each second, eight go to somebody else, and one to us.
    for (let i = 0; i <= 10; i += 1) on.room.observe(told(20 + i), send(on, i * 1_000), i * 1_000);
    return on;
  };

  it('is left to them in proportion: what is found there again is not taken at once', () => {
    const on = shared();
    expect(on.room.view(10_000)[0]?.others).toBeGreaterThan(400);
    on.room.observe(told(38), send(on, 11_000), 11_000);
    let taken = 0;
    for (; on.room.timeUntil(ONE_REQUEST, 11_000) === 0; taken += 1) send(on, 11_000);
    expect(taken).toBeGreaterThan(5);
    expect(taken).toBeLessThan(20);
  });

  it('is found to be free again within seconds', () => {
    const on = shared();
    for (let i = 1; i <= 6; i += 1) on.room.observe(told(20), send(on, 10_000 + i * 1_000), 10_000 + i * 1_000);
    expect(on.room.view(16_000)[0]?.others).toBeGreaterThan(0);
    for (let i = 1; i <= 20; i += 1) {
      const now = 16_000 + i * 500;
      const left = Math.min(49, 20 + i * 4);
      on.room.observe(told(left), send(on, now), now);
    }
    expect(on.room.view(26_000)[0]?.others).toBe(0);
  });
});

describe('what is configured', () => {
  it('bounds what is learned', () => {
    const on = lane('openai', { rpm: 60 });
    on.room.observe(requests(600, 600, '0s'), send(on, 0), 0);
    for (let i = 0; i < 59; i += 1) send(on, 0);
    expect(on.room.timeUntil(ONE_REQUEST, 0)).toBe(1_000);
  });

  it('counts days beside minutes, and tokens beside requests', () => {
    const on = lane('unknown', { rpd: 2, tpm: 100 });
    send(on, 0, { ...ONE_REQUEST, tokens: 60 });
    expect(on.room.timeUntil({ ...ONE_REQUEST, tokens: 60 }, 0)).toBe(12_000);
    send(on, 0);
    expect(on.room.timeUntil(ONE_REQUEST, 0)).toBe(43_200_000);
  });
});

describe('any sequence of headers', () => {
  it('never wedges a lane: within an hour there is room for a request', () => {
    const number = fc.oneof(
      fc.nat(1_000).map(String),
      fc.double({ min: 0 }).map(String),
      fc.constantFrom('0', '-1', 'NaN', '1e99', '9'.repeat(30)),
    );
    const reset = fc.oneof(
      fc.nat(1e9).map((ms) => `${ms}ms`),
      fc.constantFrom('9999-12-31T23:59:59Z', '1000000h', '', '0s', '1e12'),
      fc.nat(1e12).map(String),
    );
    const names = [
      ...new Set(
        Object.values(LIMIT_PROFILES).flatMap(({ headers }) =>
          headers.flatMap((row) => [row.limit, row.remaining, row.reset]),
        ),
      ),
    ];
    const headers = fc.array(
      fc.tuple(fc.constantFrom(...names.filter((name) => name !== undefined)), fc.oneof(number, reset)),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.keys(LIMIT_PROFILES)),
        fc.array(fc.tuple(headers, fc.nat(10_000)), { maxLength: 30 }),
        (provider, answers) => {
          const on = lane(provider);
          let now = 0;
          for (const [entries, ms] of answers) {
            const lease = send(on, now, { requests: 1, tokens: 100, inputTokens: 50, outputTokens: 50 });
            now += ms;
            on.room.observe(Object.fromEntries(entries), lease, now);
          }
          const wait = on.room.timeUntil(ONE_REQUEST, now);
          expect(wait).toBeLessThanOrEqual(3_600_000);
          expect(on.room.timeUntil(ONE_REQUEST, now + wait + 1)).toBe(0);
        },
      ),
      { numRuns: 300 },
    );
  });
});
