import type { CalendarPeriod, Window } from '@x/store';

/** Milliseconds of a window that is as long as this, where it is not the calendar's. */
export const PERIOD_MS = {
  second: 1_000,
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
  week: 604_800_000,
  // A rolling one cannot be of varying length.
  month: 30 * 86_400_000,
  quarter: 91 * 86_400_000,
  year: 365 * 86_400_000,
} as const;

export type Period = keyof typeof PERIOD_MS;

/** At most so much in any stretch of this length. */
export function rollingWindow(per: Period): Window {
  return { type: 'sliding', ms: PERIOD_MS[per] };
}

export function calendarWindow(period: CalendarPeriod, timeZone: string): Window {
  return { type: 'calendar', period, timeZone };
}

/** A token bucket that gains its maximum evenly over the period. */
export function bucketWindow(per: Period, burst: number): Window {
  return { type: 'bucket', ms: PERIOD_MS[per], burst };
}

/** What tells a window apart from others of the same unit, in the name of a counter. */
export function windowName(window: Window): string {
  switch (window.type) {
    case 'sliding':
      return `rolling-${window.ms}`;
    case 'bucket':
      return `bucket-${window.ms}`;
    case 'calendar':
      return `${window.period}-${window.timeZone}`;
    default:
      return window.type;
  }
}

export function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
