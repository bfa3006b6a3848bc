import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { periodFinder } from './calendar-period.ts';
import { CalendarWindow } from './calendar-window.ts';
import type { CalendarPeriod, Limit } from './limit.ts';
import { wallTime } from './time-zone.ts';

const iso = (text: string) => new Date(text).getTime();

function boundsAt(period: CalendarPeriod, timeZone: string, at: string): [string, string] {
  const { start, end } = periodFinder(period, timeZone)(iso(at));
  return [new Date(start).toISOString(), new Date(end).toISOString()];
}

describe('periods of the calendar', () => {
  test.each<[CalendarPeriod, string, string, string, string]>([
    ['minute', 'UTC', '2026-03-04T05:06:07.890Z', '2026-03-04T05:06:00Z', '2026-03-04T05:07:00Z'],
    // Hours of a zone that is not whole hours away.
    ['hour', 'Asia/Kathmandu', '2026-03-04T05:06:07Z', '2026-03-04T04:15:00Z', '2026-03-04T05:15:00Z'],
    ['day', 'Europe/Berlin', '2026-03-04T05:06:07Z', '2026-03-03T23:00:00Z', '2026-03-04T23:00:00Z'],
    // The days on which clocks are set: 23 and 25 hours.
    ['day', 'Europe/Berlin', '2026-03-29T12:00:00Z', '2026-03-28T23:00:00Z', '2026-03-29T22:00:00Z'],
    ['day', 'Europe/Berlin', '2026-10-25T12:00:00Z', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'],
    // Midnight is skipped: the day begins at one.
    ['day', 'America/Santiago', '2026-09-06T12:00:00Z', '2026-09-06T04:00:00Z', '2026-09-07T03:00:00Z'],
    // Both two o'clocks of the night on which clocks are set back are hours of their own.
    ['hour', 'America/New_York', '2026-11-01T05:30:00Z', '2026-11-01T05:00:00Z', '2026-11-01T06:00:00Z'],
    ['hour', 'America/New_York', '2026-11-01T06:30:00Z', '2026-11-01T06:00:00Z', '2026-11-01T07:00:00Z'],
    // A Sunday belongs to the week before.
    ['week', 'UTC', '2026-03-01T23:59:59.999Z', '2026-02-23T00:00:00Z', '2026-03-02T00:00:00Z'],
    ['week', 'UTC', '1969-12-31T00:00:00Z', '1969-12-29T00:00:00Z', '1970-01-05T00:00:00Z'],
    ['month', 'Pacific/Auckland', '2026-01-31T12:00:00Z', '2026-01-31T11:00:00Z', '2026-02-28T11:00:00Z'],
    ['quarter', 'America/New_York', '2026-04-01T03:59:59Z', '2026-01-01T05:00:00Z', '2026-04-01T04:00:00Z'],
    ['year', 'Asia/Tokyo', '2026-12-31T15:00:00Z', '2026-12-31T15:00:00Z', '2027-12-31T15:00:00Z'],
  ])('the %s in %s around %s', (period, timeZone, at, start, end) => {
    expect(boundsAt(period, timeZone, at)).toEqual([new Date(start).toISOString(), new Date(end).toISOString()]);
  });

  test('hold the time that they were asked for, follow each other without a gap, and begin at midnight', () => {
    const zones = [
      'UTC',
      'Europe/Berlin',
      'America/St_Johns',
      'America/Santiago',
      'Asia/Kolkata',
      'Pacific/Apia',
      'Africa/Cairo',
    ];
    const times = fc.integer({ min: iso('2012-01-01'), max: iso('2035-01-01') });
    const periods = fc.constantFrom<CalendarPeriod>('day', 'week', 'month', 'quarter', 'year');
    fc.assert(
      fc.property(times, periods, fc.constantFrom(...zones), (at, period, timeZone) => {
        const { start, end } = periodFinder(period, timeZone)(at);
        expect(start).toBeLessThanOrEqual(at);
        expect(at).toBeLessThan(end);
        expect(periodFinder(period, timeZone)(end).start).toBe(end);
        expect(periodFinder(period, timeZone)(end - 1)).toEqual({ start, end });
        const [last, first] = [wallTime(timeZone, start - 1), wallTime(timeZone, start)];
        expect([last.year, last.month, last.day]).not.toEqual([first.year, first.month, first.day]);
        expect(first.day === 1 || period === 'day' || period === 'week').toBe(true);
      }),
    );
  });
});

describe('a window of the calendar', () => {
  const limit: Limit = {
    id: 'a',
    unit: 'cost',
    max: 100,
    window: { type: 'calendar', period: 'month', timeZone: 'Europe/Berlin' },
    seeded: false,
  };
  const create = () => new CalendarWindow(periodFinder('month', 'Europe/Berlin'));
  const end = iso('2026-03-31T22:00:00Z');

  test('has all of its room again when the month is over where the time zone is', () => {
    const window = create();
    window.take(100, limit, end - 1);
    expect(window.check(1, limit, end - 1)).toBe(1);
    expect(window.check(100, limit, end)).toBe(0);
  });

  test('never opens a period again, however far the clock steps back', () => {
    const window = create();
    window.take(60, limit, end - 1);
    window.take(30, limit, end + 1);
    expect(window.used(limit, end - 86_400_000)).toBe(30);
    expect(window.check(80, limit, end - 1)).toBeGreaterThan(0);
    window.take(70, limit, end - 1);
    expect(window.used(limit, end + 1)).toBe(100);
  });

  test('corrects a reservation in its own period alone', () => {
    const window = create();
    const place = window.take(60, limit, end - 1);
    const next = window.take(50, limit, end + 1);
    window.adjust(place, -60);
    expect(window.used(limit, end + 1)).toBe(50);
    window.adjust(next, -20);
    window.add(5, limit, end - 1, end + 1);
    window.add(5, limit, end, end + 1);
    expect(window.used(limit, end + 1)).toBe(35);
  });
});
