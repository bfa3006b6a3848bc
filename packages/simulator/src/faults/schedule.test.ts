import fc from 'fast-check';
import { expect, test } from 'vitest';
import { seededRandom } from '@x/core/testing';
import { ScheduleCounter, type Schedule, type ScheduledCall } from './schedule.ts';

const CALL: ScheduledCall = { provider: 'openai', key: 'a', model: 'm', stream: false };
const never = () => {
  throw new Error('chance was asked for');
};

/** Which of `count` requests, one per millisecond, are struck. */
function strikes(schedule: Schedule, count: number, call = CALL): number[] {
  const counter = new ScheduleCounter(schedule, 0);
  return Array.from({ length: count }, (_, at) => at).filter((at) => counter.strikes(call, at, never));
}

test('strikes every request unless told otherwise', () => {
  expect(strikes({}, 3)).toEqual([0, 1, 2]);
});

test('every third', () => {
  expect(strikes({ every: 3 }, 9)).toEqual([2, 5, 8]);
});

test('the next two, and then no more', () => {
  expect(strikes({ next: 2 }, 5)).toEqual([0, 1]);
});

test('within a window', () => {
  expect(strikes({ from: 2, until: 4 }, 9)).toEqual([2, 3]);
});

test('conditions join: the first two of every second one in a window', () => {
  expect(strikes({ from: 1, every: 2, next: 2 }, 9)).toEqual([2, 4]);
});

test.each<Schedule>([{ provider: 'x' }, { key: 'x' }, { model: 'x' }, { stream: true }])(
  'passes over others: %j',
  (when) => {
    expect(strikes(when, 3)).toEqual([]);
    expect(
      strikes({ ...when, provider: undefined, key: undefined, model: undefined, stream: undefined }, 3),
    ).toHaveLength(3);
  },
);

test('requests that do not match do not count', () => {
  const counter = new ScheduleCounter({ key: 'a', every: 2 }, 0);
  const struck = ['a', 'b', 'b', 'a'].map((key) => counter.strikes({ ...CALL, key }, 0, never));
  expect(struck).toEqual([false, false, false, true]);
});

test('without a beginning, time counts from the first request', () => {
  const counter = new ScheduleCounter({ from: 10 }, undefined);
  expect(counter.strikes(CALL, 1_000, never)).toBe(false);
  expect(counter.strikes(CALL, 1_010, never)).toBe(true);
});

test('strikes as often as its probability says', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0 }), (probability, seed) => {
      const counter = new ScheduleCounter({ probability }, 0);
      const random = seededRandom(seed);
      let struck = 0;
      for (let at = 0; at < 2_000; at += 1) struck += counter.strikes(CALL, at, random) ? 1 : 0;
      expect(Math.abs(struck / 2_000 - probability)).toBeLessThan(0.06);
    }),
    { numRuns: 20 },
  );
});
