import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { FleetProvider } from '../fleet.ts';
import { arrivals } from './arrivals.ts';
import type { Stream } from './stream.ts';

/** 10 requests per second. */
const PROVIDER: FleetProvider = { style: 'openai', keys: [{ name: 'one', limits: { rpm: 600 } }] };
const BURSTY: Stream = { shape: 'bursts', load: 0.95, factor: 10, burstSeconds: 2, everySeconds: 40 };

function make(streams: readonly Stream[], seconds: number, seed = 1) {
  return arrivals(streams, { provider: PROVIDER, seconds, seed });
}

test('the same seed gives the same requests, and another one others', () => {
  const streams: Stream[] = [{ shape: 'poisson', load: 1 }, BURSTY];
  expect(make(streams, 60)).toEqual(make(streams, 60));
  expect(make(streams, 60)).not.toEqual(make(streams, 60, 2));
});

test.each([{ shape: 'poisson', load: 0.95 } as const, BURSTY])('$shape keeps to its mean', (stream) => {
  const perSecond = make([stream], 20_000).length / 20_000;
  expect(perSecond).toBeGreaterThan(9.2);
  expect(perSecond).toBeLessThan(9.8);
});

test('gaps of a Poisson stream vary as they should: the coefficient of variation is 1', () => {
  const times = make([{ shape: 'poisson', load: 1 }], 2_000).map(({ at }) => at);
  const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
  expect(Math.sqrt(variance) / mean).toBeCloseTo(1, 1);
});

test('bursts reach so many times the mean, and calm lies between', () => {
  const inSecond = new Map<number, number>();
  for (const { at } of make([BURSTY], 2_000)) {
    const second = Math.floor(at / 1_000);
    inSecond.set(second, (inSecond.get(second) ?? 0) + 1);
  }
  const busy = [...inSecond.values()].filter((count) => count > 50).length;
  expect(Math.max(...inSecond.values())).toBeGreaterThan(80);
  // 50 bursts of two seconds, of which the first and the last second are shared with the calm.
  expect(busy).toBeGreaterThan(50);
  expect(busy).toBeLessThan(150);
});

test('bursts that alone exceed the mean are refused', () => {
  expect(() => make([{ ...BURSTY, everySeconds: 15 }], 60)).toThrow(/exceed the mean/);
});

test('a crowd comes at one moment', () => {
  const found = make([{ shape: 'crowd', count: 3, fromSeconds: 2, tenant: 'a' }], 60);
  expect(found.map(({ at, tenant }) => [at, tenant])).toEqual([
    [2_000, 'a'],
    [2_000, 'a'],
    [2_000, 'a'],
  ]);
});

describe('any mixture', () => {
  test('is in order, within its span, and of the sizes asked for', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.double({ min: 0, max: 3, noNaN: true }),
        fc.integer({ min: 1, max: 50 }),
        (...drawn) => {
          const [seed, load, from] = drawn;
          const inputTokens = { min: 10, max: 20 };
          const maxTokens = { min: 100, max: 100 };
          const streams: Stream[] = [
            { shape: 'poisson', load, fromSeconds: from, inputTokens, maxTokens },
            { ...BURSTY, fromSeconds: from, inputTokens, maxTokens },
          ];
          const found = make(streams, 60, seed);
          expect(found.map(({ at }) => at)).toEqual(found.map(({ at }) => at).toSorted((a, b) => a - b));
          for (const arrival of found) {
            expect(arrival.at).toBeGreaterThanOrEqual(from * 1_000);
            expect(arrival.at).toBeLessThan(60_000);
            expect(arrival.inputTokens).toBeGreaterThanOrEqual(10);
            expect(arrival.inputTokens).toBeLessThanOrEqual(20);
            expect(arrival.maxTokens).toBe(100);
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});
