import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Charge } from './charge.ts';
import { Lane } from './lane.ts';

const START = Date.UTC(2026, 0, 1);
const charge = (tokens: number): Charge => ({ requests: 1, tokens, inputTokens: tokens, outputTokens: 0 });
const NOTHING: Charge = { requests: 0, tokens: 0, inputTokens: 0, outputTokens: 0 };

test('takes from all limits or from none', () => {
  const lane = new Lane({ rpm: 60, tpm: 600 }, START);
  expect(lane.admit(charge(550), START)).toBeUndefined();
  const refusal = lane.admit(charge(100), START);
  expect(refusal).toMatchObject({ dimension: 'tokens', limit: 600, used: 550, requested: 100, waitMs: 5_000 });
  expect(lane.meter('requests')?.meter.level(START)).toBe(59);
});

test('names the limit that is in the way longest', () => {
  const lane = new Lane({ rpm: 1, tpm: 600 }, START);
  lane.admit(charge(600), START);
  expect(lane.admit(charge(1), START)).toMatchObject({ dimension: 'requests', waitMs: 60_000 });
});

test('admits whoever comes back when it said, for any limits', () => {
  const limits = fc.record({
    rpm: fc.integer({ min: 1, max: 10_000 }),
    tpm: fc.integer({ min: 1_000, max: 1_000_000 }),
    burstSeconds: fc.double({ min: 0.1, max: 60, noNaN: true }),
  });
  fc.assert(
    fc.property(limits, fc.array(fc.integer({ min: 1, max: 1_000 }), { maxLength: 60 }), (given, amounts) => {
      const lane = new Lane(given, START);
      let now = START;
      for (const tokens of amounts) {
        const refusal = lane.admit(charge(tokens), now);
        if (refusal === undefined) continue;
        now += refusal.waitMs ?? Infinity;
        expect(lane.admit(charge(tokens), now)).toBeUndefined();
      }
    }),
  );
});

test('says of a request above the whole limit that waiting never helps', () => {
  const lane = new Lane({ tpm: 600, burstSeconds: 5 }, START);
  expect(lane.admit(charge(601), START)).toMatchObject({
    tooLarge: true,
    waitMs: undefined,
    limit: 600,
    requested: 601,
  });
  // Above the burst but within the limit: a full bucket lets it in, and the debt is paid off afterwards.
  expect(lane.admit(charge(600), START)).toBeUndefined();
  expect(lane.admit(charge(50), START)).toMatchObject({ tooLarge: false, waitMs: 60_000 });
});

test('caps concurrency and never says when a slot is free', () => {
  const lane = new Lane({ concurrency: 2 }, START);
  expect(lane.admit(charge(1), START)).toBeUndefined();
  expect(lane.admit(charge(1), START)).toBeUndefined();
  expect(lane.admit(charge(1), START)).toMatchObject({
    dimension: 'concurrency',
    limit: 2,
    used: 2,
    waitMs: undefined,
  });
  lane.settle(NOTHING, START);
  expect(lane.admit(charge(1), START)).toBeUndefined();
});

test('refuses while the output of earlier answers is not paid off', () => {
  const lane = new Lane({ otpm: 600, burstSeconds: 10 }, START);
  expect(lane.admit(charge(10), START)).toBeUndefined();
  lane.settle({ ...NOTHING, outputTokens: 150 }, START);
  expect(lane.admit(charge(10), START)).toMatchObject({ dimension: 'outputTokens', waitMs: 5_000 });
  expect(lane.admit(charge(10), START + 5_000)).toBeUndefined();
});

test('counts refused requests only where asked to', () => {
  const polite = new Lane({ rpm: 60, burstSeconds: 1 }, START);
  const strict = new Lane({ rpm: 60, burstSeconds: 1, countRejected: true }, START);
  for (const lane of [polite, strict]) {
    lane.admit(charge(1), START);
    for (let at = 100; at < 1_000; at += 100) lane.admit(charge(1), START + at);
  }
  expect(polite.admit(charge(1), START + 1_000)).toBeUndefined();
  expect(strict.admit(charge(1), START + 1_000)).toMatchObject({ waitMs: 900 });
});

test('has daily limits of either kind', () => {
  const rolling = new Lane({ rpd: 24 }, START);
  const calendar = new Lane({ rpd: 24, dayStartsAtHour: 8 }, START);
  for (const lane of [rolling, calendar]) for (let count = 0; count < 24; count += 1) lane.admit(charge(1), START);
  expect(rolling.admit(charge(1), START)).toMatchObject({ dimension: 'requestsPerDay', waitMs: 3_600_000 });
  expect(calendar.admit(charge(1), START)).toMatchObject({ dimension: 'requestsPerDay', waitMs: 8 * 3_600_000 });
});
