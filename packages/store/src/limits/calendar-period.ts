import type { CalendarPeriod } from './limit.ts';
import { startOfDay, wallTime, type WallTime } from './time-zone.ts';

/** Epoch milliseconds: from `start`, before `end`. */
export interface PeriodBounds {
  readonly start: number;
  readonly end: number;
}

export type PeriodFinder = (at: number) => PeriodBounds;

const DAY_MS = 86_400_000;
const CLOCK_MS = { minute: 60_000, hour: 3_600_000 };

/** Monday, 5 January 1970, in days since the epoch: weeks begin on Mondays, as in ISO 8601. */
const A_MONDAY = 4;

/** What the period around a time is, where a time zone is. The last one is kept: all counters of one zone ask for the same. */
export function periodFinder(period: CalendarPeriod, timeZone: string): PeriodFinder {
  let last: PeriodBounds = { start: 0, end: 0 };
  return (at) => {
    if (at < last.start || at >= last.end) last = boundsOf(period, timeZone, at);
    return last;
  };
}

function boundsOf(period: CalendarPeriod, timeZone: string, at: number): PeriodBounds {
  const wall = wallTime(timeZone, at);
  if (period === 'minute' || period === 'hour') {
    const start = at - modulo(at + wall.offsetMs, CLOCK_MS[period]);
    return { start, end: start + CLOCK_MS[period] };
  }
  const [first, next] = daysOf(period, wall);
  return { start: startOfDay(timeZone, first), end: startOfDay(timeZone, next) };
}

/** The first day of the period and of the next one, as midnights in UTC. */
function daysOf(period: Exclude<CalendarPeriod, 'minute' | 'hour'>, { year, month, day }: WallTime): [number, number] {
  const today = Date.UTC(year, month, day);
  switch (period) {
    case 'day':
      return [today, today + DAY_MS];
    case 'week': {
      const monday = today - modulo(today / DAY_MS - A_MONDAY, 7) * DAY_MS;
      return [monday, monday + 7 * DAY_MS];
    }
    case 'month':
      return [Date.UTC(year, month), Date.UTC(year, month + 1)];
    case 'quarter': {
      const first = month - (month % 3);
      return [Date.UTC(year, first), Date.UTC(year, first + 3)];
    }
    case 'year':
      return [Date.UTC(year, 0), Date.UTC(year + 1, 0)];
  }
}

function modulo(value: number, by: number): number {
  return ((value % by) + by) % by;
}
