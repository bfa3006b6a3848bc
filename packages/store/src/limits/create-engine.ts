import { periodFinder, type PeriodFinder } from './calendar-period.ts';
import { CalendarWindow } from './calendar-window.ts';
import type { Engine } from './engine.ts';
import type { CalendarPeriod, Window } from './limit.ts';
import { RunningTotal } from './running-total.ts';
import { SlidingWindow } from './sliding-window.ts';
import { TokenBucket } from './token-bucket.ts';

export function createEngine(window: Window): Engine {
  switch (window.type) {
    case 'sliding':
      return new SlidingWindow(window.ms);
    case 'bucket':
      return new TokenBucket();
    case 'calendar':
      return new CalendarWindow(sharedFinder(window));
    case 'forever':
    case 'held':
      return new RunningTotal();
  }
}

const finders = new Map<string, PeriodFinder>();

/** One finder for all counters of a period and a zone. There are as many as zones in use. */
export function sharedFinder({ period, timeZone }: { period: CalendarPeriod; timeZone: string }): PeriodFinder {
  const key = `${period} ${timeZone}`;
  const finder = finders.get(key) ?? periodFinder(period, timeZone);
  finders.set(key, finder);
  return finder;
}
