import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { limitOf } from '../testing/limits/store-bench.ts';
import { Remembered } from './remembered.ts';
import { shareOf, shareOfSeed } from './share.ts';

const START = Date.UTC(2026, 5, 1);

describe('what is remembered', () => {
  test('grows with the stretches of time that a window tells apart, not with requests', () => {
    const remembered = new Remembered();
    for (let index = 0; index < 100_000; index += 1) {
      remembered.add('a', limitOf({ window: { type: 'sliding', ms: 60_000 } }), {
        at: START + index * 20,
        amount: 1,
        seq: 1,
      });
      remembered.add('a', limitOf({ id: 'b', window: { type: 'forever' } }), { at: START + index, amount: 1, seq: 1 });
    }
    const charges = remembered.takeAll().flatMap((batch) => batch.charges);
    expect(charges.length).toBeLessThanOrEqual(258);
    expect(charges.find(({ limit }) => limit.id === 'b')?.amount).toBe(100_000);
    // Of the last minute nothing is missing.
    const lastMinute = charges.filter(({ limit, at }) => limit.id === 'limit' && at > START + 100_000 * 20 - 60_000);
    expect(lastMinute.reduce((sum, { amount }) => sum + amount, 0)).toBeGreaterThanOrEqual(2_990);
    expect(remembered.isEmpty).toBe(true);
  });

  test('adds up to what was spent, and names the rows that it comes from', () => {
    const spent = fc.array(
      fc.record({ at: fc.nat(100_000), amount: fc.nat(1e9), seq: fc.integer({ min: 1, max: 1e6 }) }),
    );
    const window = { type: 'calendar', period: 'day', timeZone: 'UTC' } as const;
    fc.assert(
      fc.property(spent, (rows) => {
        const remembered = new Remembered();
        for (const { at, ...row } of rows)
          remembered.add('a', limitOf({ window, seeded: true }), { at: START + at, ...row });
        const charges = remembered.takeAll().flatMap((batch) => batch.charges);
        const counted = rows.filter(({ amount }) => amount > 0);
        expect(charges).toHaveLength(counted.length === 0 ? 0 : 1);
        const [charge = { amount: 0, first: Infinity, last: -Infinity }] = charges;
        expect(charge.amount).toBe(counted.reduce((sum, { amount }) => sum + amount, 0));
        expect(charge.first).toBe(Math.min(...counted.map(({ seq }) => seq)));
        expect(charge.last).toBe(Math.max(...counted.map(({ seq }) => seq)));
      }),
    );
  });

  test('lets a bucket refill', () => {
    const remembered = new Remembered();
    const limit = limitOf({ max: 60, window: { type: 'bucket', ms: 60_000, burst: 100 } });
    remembered.add('a', limit, { at: START, amount: 50, seq: undefined });
    remembered.add('a', limit, { at: START + 20_000, amount: 10, seq: undefined });
    expect(remembered.takeAll()[0]?.charges).toMatchObject([{ at: START + 20_000, amount: 40 }]);
  });

  test('is no more than what the ledger will say, and nothing of what is held', () => {
    const remembered = new Remembered();
    remembered.add('a', limitOf({ seeded: true }), { at: START, amount: 5, seq: undefined });
    remembered.add('a', limitOf({ unit: 'concurrent', window: { type: 'held' } }), { at: START, amount: 1, seq: 4 });
    expect(remembered.isEmpty).toBe(true);
  });

  test('is said in batches', () => {
    const remembered = new Remembered();
    for (let index = 0; index < 450; index += 1) {
      remembered.add('a', limitOf({ id: `limit-${index}` }), { at: START, amount: 1, seq: undefined });
    }
    remembered.add('b', limitOf(), { at: START, amount: 1, seq: undefined });
    const batches = remembered.takeAll();
    expect(batches.map(({ root, charges }) => [root, charges.length])).toEqual([
      ['a', 200],
      ['a', 200],
      ['a', 50],
      ['b', 1],
    ]);
    expect(new Set(batches.map(({ id }) => id)).size).toBe(4);
  });
});

describe('a share', () => {
  test('is a part of what can be split, and at least one of what cannot', () => {
    expect(shareOf(limitOf({ unit: 'cost', max: 100 }), 3).max).toBeCloseTo(33.33);
    expect(shareOf(limitOf({ max: 100 }), 3).max).toBe(33);
    expect(shareOf(limitOf({ max: 2 }), 3).max).toBe(1);
    expect(shareOf(limitOf({ max: 0 }), 3).max).toBe(0);
    expect(shareOf(limitOf({ unit: 'tokens', window: { type: 'bucket', ms: 1, burst: 9 } }), 3).window).toMatchObject({
      burst: 3,
    });
  });

  test('has its part of what was spent before', () => {
    const limit = limitOf({ unit: 'cost', max: 30, seeded: true });
    const seed = shareOfSeed({ limit, entries: [{ at: START, amount: 15 }], upTo: 4 }, 3);
    expect(seed).toMatchObject({ limit: { max: 10 }, entries: [{ at: START, amount: 5 }], upTo: 4 });
  });
});
