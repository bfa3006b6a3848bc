import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { delaySchedule, type DelayOptions } from './delay-schedule.ts';

const options = (jitter: DelayOptions['jitter']) =>
  fc
    .record({
      baseMs: fc.double({ min: 0, max: 60_000, noNaN: true }),
      growth: fc.double({ min: 1, max: 1_000, noNaN: true }),
    })
    .map(({ baseMs, growth }) => ({ baseMs, capMs: baseMs * growth, jitter }));
const random = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const step = fc.integer({ min: 1, max: 5_000 });
const hint = fc.double({ min: 0, max: 1e15, noNaN: true });

describe('delaySchedule', () => {
  test('full: between nothing and the ceiling, which doubles up to the cap', () => {
    fc.assert(
      fc.property(options('full'), step, random, (opts, step, random) => {
        const delay = delaySchedule(opts)({ step, previousMs: 0, random });
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(Math.min(opts.capMs, opts.baseMs * 2 ** (step - 1)) || 0);
      }),
    );
    const schedule = delaySchedule({ baseMs: 100, capMs: 1_000, jitter: 'full' });
    expect([1, 2, 3, 4, 5].map((step) => schedule({ step, previousMs: 0, random: 0.5 }))).toEqual([
      50, 100, 200, 400, 500,
    ]);
  });

  test('equal: never below half of the ceiling', () => {
    fc.assert(
      fc.property(options('equal'), step, random, (opts, step, random) => {
        const highest = delaySchedule({ ...opts, jitter: 'full' })({ step, previousMs: 0, random: 1 });
        const delay = delaySchedule(opts)({ step, previousMs: 0, random });
        expect(delay).toBeGreaterThanOrEqual(highest / 2);
        expect(delay).toBeLessThanOrEqual(highest);
      }),
    );
  });

  test('decorrelated: within [base, 3 * previous], capped', () => {
    fc.assert(
      fc.property(options('decorrelated'), fc.array(random, { minLength: 1, maxLength: 40 }), (opts, randoms) => {
        const schedule = delaySchedule(opts);
        let previousMs = 0;
        for (const [index, random] of randoms.entries()) {
          const delay = schedule({ step: index + 1, previousMs, random });
          expect(delay).toBeGreaterThanOrEqual(opts.baseMs);
          expect(delay).toBeLessThanOrEqual(Math.min(opts.capMs, Math.max(opts.baseMs, 3 * previousMs)));
          previousMs = delay;
        }
      }),
    );
    const schedule = delaySchedule({ baseMs: 100, capMs: 10_000, jitter: 'decorrelated' });
    expect(schedule({ step: 2, previousMs: 200, random: 0.5 })).toBe(350);
  });

  test('a hint is a floor, with jitter on top and never more of it than the ceiling', () => {
    const any = fc.constantFrom('full' as const, 'equal' as const, 'decorrelated' as const).chain(options);
    fc.assert(
      fc.property(any, step, random, hint, (opts, step, random, hintMs) => {
        const delay = delaySchedule(opts)({ step, previousMs: opts.baseMs, random, hintMs });
        expect(delay).toBeGreaterThanOrEqual(hintMs);
        expect(delay).toBeLessThanOrEqual(hintMs + opts.capMs);
        expect(Number.isFinite(delay)).toBe(true);
      }),
    );
  });

  test('waiters with the same hint do not come back together', () => {
    const schedule = delaySchedule({ baseMs: 500, capMs: 8_000, jitter: 'full' });
    const delays = [0, 0.25, 0.5, 0.75].map((random) => schedule({ step: 1, previousMs: 0, random, hintMs: 7_000 }));
    expect(delays).toEqual([7_000, 7_125, 7_250, 7_375]);
  });

  test('refuses options that make no schedule, naming them', () => {
    const good = { baseMs: 1, capMs: 2, jitter: 'full' } as const;
    expect(() => delaySchedule({ ...good, baseMs: -1 })).toThrow(
      'baseMs must be a finite number of at least 0, got -1',
    );
    expect(() => delaySchedule({ ...good, capMs: 0.5 })).toThrow(
      'capMs must be a finite number of at least 1, got 0.5',
    );
    expect(() => delaySchedule({ ...good, baseMs: Number.NaN })).toThrow('got NaN');
    expect(() => delaySchedule({ ...good, jitter: 'none' as 'full' })).toThrow(
      'jitter must be one of full, equal, decorrelated',
    );
  });
});
