import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Limit } from './limit.ts';
import { TokenBucket } from './token-bucket.ts';

const START = Date.UTC(2026, 0, 1);

function limitOf(max: number, ms: number, burst: number): Limit {
  return { id: 'a', unit: 'tokens', max, window: { type: 'bucket', ms, burst }, seeded: false };
}

describe('a token bucket', () => {
  test('never lets through more than its burst and what has been refilled, over any stretch of time', () => {
    const step = fc.record({ gap: fc.integer({ min: 0, max: 500 }), amount: fc.integer({ min: 0, max: 20 }) });
    const bucket = fc.record({
      max: fc.integer({ min: 0, max: 100 }),
      ms: fc.integer({ min: 1, max: 5_000 }),
      burst: fc.integer({ min: 0, max: 30 }),
      steps: fc.array(step, { maxLength: 100 }),
    });
    fc.assert(
      fc.property(bucket, ({ max, ms, burst, steps }) => {
        const [engine, limit] = [new TokenBucket(), limitOf(max, ms, burst)];
        const log: { at: number; amount: number }[] = [];
        let now = START;
        for (const { gap, amount } of steps) {
          now += gap;
          if (engine.check(amount, limit, now) > 0) continue;
          engine.take(amount, limit, now);
          log.push({ at: now, amount });
        }
        for (const [first, { at }] of log.entries()) {
          let sum = 0;
          for (const entry of log.slice(first)) {
            sum += entry.amount;
            expect(sum).toBeLessThanOrEqual(burst + ((entry.at - at) * max) / ms + 1e-6);
          }
        }
      }),
    );
  });

  test('fits when it says so', () => {
    const [engine, limit] = [new TokenBucket(), limitOf(60, 60_000, 10)];
    engine.take(10, limit, START);
    expect(engine.check(3, limit, START)).toBe(3_000);
    expect(engine.check(3, limit, START + 3_000)).toBe(0);
    expect(engine.check(11, limit, START + 3_000)).toBe(Infinity);
    expect(engine.resetsAt(limit, START + 3_000)).toBe(START + 10_000);
  });

  test('owes what was spent beyond the burst, and gives nothing back twice', () => {
    const [engine, limit] = [new TokenBucket(), limitOf(60, 60_000, 10)];
    engine.adjust(engine.take(10, limit, START), 20, START);
    expect(engine.check(1, limit, START)).toBe(21_000);
    expect(engine.used(limit, START + 25_000)).toBe(5);
    engine.adjust(0, -30, START + 25_000);
    expect(engine.used(limit, START + 25_000)).toBe(0);
    expect(engine.check(10, limit, START + 25_000)).toBe(0);
    expect(engine.check(11, limit, START + 25_000)).toBe(Infinity);
  });

  test('counts of what was spent before what has not been refilled', () => {
    const [engine, limit] = [new TokenBucket(), limitOf(60, 60_000, 10)];
    engine.add(8, limit, START - 3_000, START);
    engine.add(8, limit, START - 60_000, START);
    expect(engine.used(limit, START)).toBe(5);
  });

  test('never refills where nothing is allowed', () => {
    const [engine, limit] = [new TokenBucket(), limitOf(0, 1_000, 5)];
    engine.take(5, limit, START);
    expect(engine.check(1, limit, START + 1e9)).toBe(Infinity);
    expect(engine.resetsAt(limit, START + 1e9)).toBeUndefined();
  });
});
