import type { Dimension, Lane } from '../engine/lane.ts';
import { goDuration } from './go-duration.ts';

type Headers = Record<string, string>;

/** Adds what a provider tells of a lane, on every answer. A limit that the lane does not have is left out. */
type WriteHeaders = (lane: Lane, now: number, headers: Headers) => void;

/** The same names with other units: OpenAI and Groq write Go durations, Azure whole seconds. */
function rateLimitWriter(requests: Dimension, reset: (ms: number) => string): WriteHeaders {
  return (lane, now, headers) => {
    writeLimit('requests', requests);
    writeLimit('tokens', 'tokens');

    function writeLimit(unit: 'requests' | 'tokens', dimension: Dimension): void {
      const found = lane.meter(dimension);
      if (found === undefined) return;
      headers[`x-ratelimit-limit-${unit}`] = String(found.limit);
      headers[`x-ratelimit-remaining-${unit}`] = String(remaining(found.meter.level(now)));
      headers[`x-ratelimit-reset-${unit}`] = reset(found.meter.timeToFull(now));
    }
  };
}

const wholeSeconds = (ms: number) => String(Math.ceil(ms / 1_000));

const ANTHROPIC_LIMITS = [
  ['requests', 'requests'],
  ['inputTokens', 'input-tokens'],
  ['outputTokens', 'output-tokens'],
] as const satisfies readonly (readonly [Dimension, string])[];

/** Remaining tokens are rounded to thousands; a reset is the moment at which the limit is whole again. */
function writeAnthropic(lane: Lane, now: number, headers: Headers): void {
  let tightest = Infinity;
  for (const [dimension, unit] of ANTHROPIC_LIMITS) {
    const found = lane.meter(dimension);
    if (found === undefined) continue;
    const left = remaining(found.meter.level(now));
    const shown = unit === 'requests' ? left : Math.round(left / 1_000) * 1_000;
    const values = [String(found.limit), String(shown), rfc3339(now + found.meter.timeToFull(now))] as const;
    writeTriple(headers, unit, values);
    if (unit === 'requests' || left >= tightest) continue;
    // `tokens` stands for the limit in force that is closest to its end.
    tightest = left;
    writeTriple(headers, 'tokens', values);
  }
}

function writeTriple(headers: Headers, unit: string, [limit, left, reset]: readonly [string, string, string]): void {
  headers[`anthropic-ratelimit-${unit}-limit`] = limit;
  headers[`anthropic-ratelimit-${unit}-remaining`] = left;
  headers[`anthropic-ratelimit-${unit}-reset`] = reset;
}

/** Whole seconds, rounded up: `2026-01-01T00:00:05Z`. */
function rfc3339(ms: number): string {
  return new Date(Math.ceil(ms / 1_000) * 1_000).toISOString().replace('.000Z', 'Z');
}

function remaining(level: number): number {
  return Math.max(0, Math.floor(level));
}

const WRITERS = {
  openai: rateLimitWriter('requests', goDuration),
  azure: rateLimitWriter('requests', wholeSeconds),
  /** Requests per day, tokens per minute. */
  groq: rateLimitWriter('requestsPerDay', goDuration),
  anthropic: writeAnthropic,
  none: () => undefined,
} as const satisfies Record<string, WriteHeaders>;

export type HeaderStyle = keyof typeof WRITERS;
export const HEADER_STYLES = Object.keys(WRITERS) as [HeaderStyle, ...HeaderStyle[]];

export function writeLimitHeaders(style: HeaderStyle, lane: Lane, now: number, headers: Headers): void {
  WRITERS[style](lane, now, headers);
}

/** `seconds` is a whole number, rounded up, in `retry-after`; `both` adds `retry-after-ms`. */
export const RETRY_AFTER_STYLES = ['none', 'seconds', 'both'] as const;
export type RetryAfterStyle = (typeof RETRY_AFTER_STYLES)[number];

export function writeRetryAfter(style: RetryAfterStyle, waitMs: number, headers: Headers): void {
  if (style === 'none') return;
  headers['retry-after'] = wholeSeconds(waitMs);
  if (style === 'both') headers['retry-after-ms'] = String(Math.ceil(waitMs));
}
