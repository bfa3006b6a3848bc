import { header, parseAmount, parseReset, type HttpHeaders } from '@x/core';
import { DAY_MS, MINUTE_MS, type LimitHeader } from './profile.ts';

/** What one header family of one answer said. */
export interface LimitReading {
  /** Undefined where the provider does not tell it. */
  readonly limit: number | undefined;
  readonly remaining: number;
  readonly windowMs: number;
  /** Milliseconds from the answer; undefined when absent or not asked for. */
  readonly resetMs: number | undefined;
  /** The reset makes no sense: it cannot be read, or lies far beyond the window. The rest stands. */
  readonly isOdd: boolean;
}

const WINDOW_MS = {
  second: 1_000,
  minute: MINUTE_MS,
  '5-minutes': 5 * MINUTE_MS,
  day: DAY_MS,
  month: 30 * DAY_MS,
  'minute-or-day': MINUTE_MS,
} as const;

/** No minute's limit takes longer than this to be whole again, in milliseconds; with half a minute for clocks that differ. */
const LONGEST_MINUTE_MS = 90_000;

/** Windows beyond which a reset is garbage. Up to that, clocks differ; OpenAI has shown six minutes for a limit per minute. */
const ODD_WINDOWS = 10;

/**
 * Reads one family. Undefined when it is absent; `'garbage'` when it is there and makes no sense: no number, a negative one,
 * a limit below one. What remains is never above the limit, and a reset never beyond its window.
 */
export function readLimit(row: LimitHeader, headers: HttpHeaders, now: number): LimitReading | 'garbage' | undefined {
  const remainingText = header(headers, row.remaining);
  if (remainingText === undefined) return undefined;
  const remaining = parseAmount(remainingText);
  const limitText = row.limit === undefined ? undefined : header(headers, row.limit);
  const limit = limitText === undefined ? undefined : parseAmount(limitText);
  if (remaining === undefined || (limitText !== undefined && !(limit !== undefined && limit >= 1))) return 'garbage';
  const resetMs = readReset(row, headers, now);
  const isDay = row.window === 'minute-or-day' && resetMs !== undefined && resetMs > LONGEST_MINUTE_MS;
  const windowMs = isDay ? DAY_MS : WINDOW_MS[row.window];
  return {
    limit,
    remaining: limit === undefined ? remaining : Math.min(remaining, limit),
    windowMs,
    resetMs: resetMs === undefined ? undefined : Math.min(resetMs, windowMs),
    isOdd: resetMs === undefined ? hasReset(row, headers) : resetMs > ODD_WINDOWS * windowMs,
  };
}

function hasReset({ reset }: LimitHeader, headers: HttpHeaders): boolean {
  return reset !== undefined && header(headers, reset) !== undefined;
}

function readReset({ reset, format }: LimitHeader, headers: HttpHeaders, now: number): number | undefined {
  if (reset === undefined || format === undefined) return undefined;
  const text = header(headers, reset);
  return text === undefined ? undefined : parseReset(text, format, now);
}
