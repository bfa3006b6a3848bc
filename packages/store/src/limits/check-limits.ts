import { counterKey } from './counter-key.ts';
import type { CalendarPeriod, Limit, Window } from './limit.ts';
import { wallTime } from './time-zone.ts';

const UNITS: readonly string[] = ['requests', 'tokens', 'cost', 'concurrent'] satisfies Limit['unit'][];
const PERIODS: readonly string[] = [
  'minute',
  'hour',
  'day',
  'week',
  'month',
  'quarter',
  'year',
] satisfies CalendarPeriod[];

/** Longer windows make numbers of stretches that a double cannot count exactly. */
const LONGEST_MS = 100 * 366 * 86_400_000;

/** @throws TypeError that names the limit and its field, for a group that makes no sense */
export function checkLimits(limits: readonly Limit[]): void {
  const keys = new Set<string>();
  for (const limit of limits) {
    const problem = problemOf(limit);
    if (problem !== undefined) throw new TypeError(`limit ${JSON.stringify(limit.id)}: ${problem}`);
    const key = counterKey(limit);
    if (keys.has(key)) throw new TypeError(`limit ${JSON.stringify(limit.id)}: stands in the group twice`);
    keys.add(key);
  }
}

function problemOf({ id, unit, max, window, seeded }: Limit): string | undefined {
  // Remote stores keep names in lines.
  if (typeof id !== 'string' || id === '' || /[\r\n]/.test(id)) return '`id` must be a text of one line';
  if (!UNITS.includes(unit)) return `\`unit\` must be ${UNITS.join(', ')}, got ${JSON.stringify(unit)}`;
  if (!(max >= 0 && max <= Number.MAX_SAFE_INTEGER)) return `\`max\` must be a number from 0 to 2^53, got ${max}`;
  if ((unit === 'concurrent') !== (window.type === 'held')) {
    return '`concurrent` is counted over a `held` window, and nothing else is';
  }
  if (seeded && window.type === 'held') return '`seeded`: no ledger knows what is held';
  return windowProblem(window);
}

function windowProblem(window: Window): string | undefined {
  switch (window.type) {
    case 'sliding':
      return msProblem(window.ms);
    case 'bucket':
      if (!(window.burst >= 0 && window.burst <= Number.MAX_SAFE_INTEGER)) {
        return `\`window.burst\` must be a number from 0 to 2^53, got ${window.burst}`;
      }
      return msProblem(window.ms);
    case 'calendar':
      if (!PERIODS.includes(window.period)) return `\`window.period\` must be ${PERIODS.join(', ')}`;
      return isTimeZone(window.timeZone) ? undefined : `\`window.timeZone\` ${window.timeZone} is not known`;
    case 'forever':
    case 'held':
      return undefined;
    default:
      return '`window.type` must be sliding, bucket, calendar, forever or held';
  }
}

function msProblem(ms: number): string | undefined {
  const fits = Number.isInteger(ms) && ms >= 1 && ms <= LONGEST_MS;
  return fits ? undefined : `\`window.ms\` must be a whole number from 1 to ${LONGEST_MS} (100 years), got ${ms}`;
}

function isTimeZone(timeZone: string): boolean {
  try {
    wallTime(timeZone, 0);
    return true;
  } catch {
    return false;
  }
}
