import type { ClearingMoment } from './error-row.ts';

const DAY_MS = 86_400_000;

/** Milliseconds from `now` until a cap clears, or undefined where only a person can clear it. */
export function clearsIn(moment: ClearingMoment, message: string, now: number): number | undefined {
  const at = clearsAt(moment, message, now);
  return at === undefined ? undefined : Math.max(0, at - now);
}

function clearsAt(moment: ClearingMoment, message: string, now: number): number | undefined {
  const today = new Date(now);
  switch (moment) {
    case 'by-hand':
      return undefined;
    case 'next-day-utc':
      return Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate() + 1);
    case 'next-month-utc':
      return Date.UTC(today.getUTCFullYear(), today.getUTCMonth() + 1, 1);
    case 'next-day-pacific':
      return now + DAY_MS - pacificTimeOfDay(now);
    case 'date-in-message':
      return dateIn(message);
  }
}

const PACIFIC = new Intl.DateTimeFormat('en-US', {
  timeZone: 'America/Los_Angeles',
  hourCycle: 'h23',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
});

/** Milliseconds since midnight in California. Off by an hour on the two days a year on which clocks change. */
function pacificTimeOfDay(now: number): number {
  const parts = PACIFIC.formatToParts(now);
  const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((each) => each.type === type)?.value ?? 0);
  return ((part('hour') * 60 + part('minute')) * 60 + part('second')) * 1_000;
}

/** "You will regain access on 2026-12-01 at 00:00 UTC." */
function dateIn(message: string): number | undefined {
  const found = /(\d{4}-\d{2}-\d{2})(?:(?:T| at | )(\d{2}:\d{2}))?/.exec(message);
  if (!found) return undefined;
  const at = Date.parse(`${found[1]}T${found[2] ?? '00:00'}:00Z`);
  return Number.isFinite(at) ? at : undefined;
}
