import { header, type HttpHeaders } from '../http.ts';
import { parseAmount, parseDate, parseDuration } from './duration.ts';

/** When the other side said to come back, and where it said so. */
export interface RetryHint {
  /** Milliseconds from `now`. As sent: callers cap it. */
  readonly ms: number;
  readonly source: 'retry-after-ms' | 'x-ms-retry-after-ms' | 'retry-after' | 'body' | 'reset';
}

/** How a provider writes the moment at which a limit has room again. */
export type ResetFormat = 'duration' | 'seconds' | 'epoch-seconds' | 'epoch-ms' | 'date';

/** One limit of a provider: its `remaining` and `reset` headers, in lower case. */
export interface ResetHeader {
  readonly remaining: string;
  readonly reset: string;
  readonly format: ResetFormat;
}

export interface RetryHintSource {
  readonly headers: HttpHeaders;
  /** The error body as text; only its beginning is searched. */
  readonly body?: string | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
  /** The provider's own limits. The same header name has other units elsewhere, so there is no default. */
  readonly resets?: readonly ResetHeader[] | undefined;
}

/**
 * The first hint in the order that the mainstream clients agree on: `retry-after-ms`, `x-ms-retry-after-ms`,
 * `retry-after` (seconds, decimals, a duration, HTTP date), the body, the reset headers of limits with nothing remaining.
 * What cannot be read is passed over.
 */
export function retryHint(source: RetryHintSource): RetryHint | undefined {
  return (
    millisecondsHint(source, 'retry-after-ms') ??
    millisecondsHint(source, 'x-ms-retry-after-ms') ??
    retryAfterHint(source) ??
    bodyHint(source.body) ??
    resetHint(source)
  );
}

function millisecondsHint(
  { headers }: RetryHintSource,
  name: 'retry-after-ms' | 'x-ms-retry-after-ms',
): RetryHint | undefined {
  const ms = parseAmount(header(headers, name) ?? '');
  return ms === undefined ? undefined : { ms, source: name };
}

function retryAfterHint({ headers, now }: RetryHintSource): RetryHint | undefined {
  const text = header(headers, 'retry-after');
  if (text === undefined) return undefined;
  const seconds = parseAmount(text);
  const ms = seconds === undefined ? parseDuration(text) : seconds * 1_000;
  if (ms !== undefined) return { ms, source: 'retry-after' };
  const date = parseDate(text);
  if (date === undefined) return undefined;
  // Against the sender's own clock where it told us, so that a skewed one does not shorten or stretch the wait.
  const sent = parseDate(header(headers, 'date') ?? '') ?? now;
  return { ms: Math.max(0, date - sent), source: 'retry-after' };
}

/** Google's RetryInfo, plain or inside a JSON string; the sentences that OpenAI, Groq and Gemini write; those of Azure. */
const BODY_HINTS = [
  /retryDelay[\\"'\s:]{1,12}([\d.]+)(s)/,
  /(?:try again|retry) (?:in|after) ([\d.]+ ?(?:ms|s|m|h)(?: ?[\d.]+(?:ms|s|m))*)(?![a-z])/i,
  /(?:try again|retry) (?:in|after) ([\d.]+) ?(milli|sec|min|hour)/i,
];

const UNIT_OF_WORD: Readonly<Record<string, string>> = { milli: 'ms', sec: 's', min: 'm', hour: 'h' };

const BODY_SEARCHED = 16_384;

function bodyHint(body: string | undefined): RetryHint | undefined {
  if (!body) return undefined;
  const text = body.length > BODY_SEARCHED ? body.slice(0, BODY_SEARCHED) : body;
  for (const pattern of BODY_HINTS) {
    const [, amount, unit = ''] = pattern.exec(text) ?? [];
    if (amount === undefined) continue;
    const ms = parseDuration(amount.replaceAll(' ', '') + (UNIT_OF_WORD[unit.toLowerCase()] ?? unit));
    if (ms !== undefined) return { ms, source: 'body' };
  }
  return undefined;
}

/** Only limits that are used up count, and the request needs room in all of them: the latest wins. */
function resetHint({ headers, resets, now }: RetryHintSource): RetryHint | undefined {
  let latest: number | undefined;
  for (const { remaining, reset, format } of resets ?? []) {
    if (parseAmount(header(headers, remaining) ?? '') !== 0) continue;
    const ms = parseReset(header(headers, reset) ?? '', format, now);
    if (ms !== undefined && (latest === undefined || ms > latest)) latest = ms;
  }
  return latest === undefined ? undefined : { ms: latest, source: 'reset' };
}

/** Milliseconds from `now` until the moment that a reset header names. */
export function parseReset(text: string, format: ResetFormat, now: number): number | undefined {
  switch (format) {
    case 'duration':
      return parseDuration(text);
    case 'date': {
      const date = parseDate(text);
      return date === undefined ? undefined : Math.max(0, date - now);
    }
    default: {
      const amount = parseAmount(text);
      if (amount === undefined) return undefined;
      if (format === 'seconds') return amount * 1_000;
      return Math.max(0, amount * (format === 'epoch-seconds' ? 1_000 : 1) - now);
    }
  }
}
