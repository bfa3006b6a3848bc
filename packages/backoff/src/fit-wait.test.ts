import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitWait, usableHint } from './fit-wait.ts';

const NOW = 1_000_000;
const ms = fc.double({ min: 0, max: 1e12, noNaN: true });
const limit = fc.option(
  fc.integer({ min: -1_000, max: 100_000 }).map((left) => NOW + left),
  { nil: undefined },
);
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('fitWait', () => {
  test('a wait that is begun ends in time and is never shorter than the hint', () => {
    fc.assert(
      fc.property(
        fc.record({
          hintMs: fc.option(ms, { nil: undefined }),
          jitterMs: ms,
          random,
          waitUntil: limit,
          deadline: limit,
          allowanceMs: ms,
        }),
        ({ hintMs, jitterMs, random, waitUntil, deadline, allowanceMs }) => {
          const delayMs = (hintMs ?? 0) + jitterMs;
          const fitted = fitWait({ delayMs, hintMs, random }, { now: NOW, waitUntil, deadline, allowanceMs });
          if (typeof fitted === 'string') return;
          expect(fitted).toBeGreaterThanOrEqual(hintMs ?? delayMs);
          expect(fitted).toBeLessThanOrEqual(delayMs);
          expect(fitted).toBeLessThanOrEqual(allowanceMs);
          expect(fitted).toBeLessThanOrEqual((waitUntil ?? Infinity) - NOW);
          expect(fitted).toBeLessThan((deadline ?? Infinity) - NOW);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  const open = { now: NOW, waitUntil: undefined, deadline: undefined, allowanceMs: Infinity };
  const wait = (delayMs: number, hintMs?: number) => ({ delayMs, hintMs, random: 0.5 });

  test('names the limit that a wait breaks', () => {
    expect(fitWait(wait(500), { ...open, deadline: NOW + 499 })).toBe('deadline');
    expect(fitWait(wait(500), { ...open, waitUntil: NOW + 499 })).toBe('wait-until');
    expect(fitWait(wait(500), { ...open, allowanceMs: 499 })).toBe('max-wait');
    expect(fitWait(wait(500), open)).toBe(500);
  });

  test('a wait may end at wait-until, where it is still time to ask, but not at the deadline, where it is not', () => {
    expect(fitWait(wait(500), { ...open, waitUntil: NOW + 500 })).toBe(500);
    expect(fitWait(wait(500), { ...open, deadline: NOW + 500 })).toBe('deadline');
  });

  test('a hint that fits is waited for although its jitter does not', () => {
    expect(fitWait(wait(700, 500), { ...open, waitUntil: NOW + 600 })).toBe(550);
    expect(fitWait(wait(700, 500), { ...open, waitUntil: NOW + 500 })).toBe(500);
  });

  test('no wait at all where none is allowed, not even one of nothing', () => {
    expect(fitWait(wait(0), { ...open, waitUntil: NOW })).toBe('wait-until');
    expect(fitWait(wait(0, 0), { ...open, waitUntil: NOW })).toBe('wait-until');
  });

  test('a hint of nothing gives up near the limit instead of waiting ever shorter', () => {
    expect(fitWait(wait(250, 0), { ...open, waitUntil: NOW + 1.9 })).toBe('wait-until');
    expect(fitWait(wait(250, 0), { ...open, waitUntil: NOW + 2 })).toBe(1);
  });

  test('an endless hint breaks the nearest bound', () => {
    const endless = wait(Infinity, Infinity);
    expect(fitWait(endless, { ...open, deadline: NOW + 1e9 })).toBe('deadline');
    expect(fitWait(endless, { ...open, allowanceMs: 60_000 })).toBe('max-wait');
  });
});

test('usableHint drops what is no number and lifts what is negative', () => {
  expect([undefined, Number.NaN, -5, 0, 7, Infinity].map(usableHint)).toEqual([
    undefined,
    undefined,
    0,
    0,
    7,
    Infinity,
  ]);
});
