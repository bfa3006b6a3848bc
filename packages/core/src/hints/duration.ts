const UNIT_MS = { h: 3_600_000, m: 60_000, s: 1_000, ms: 1, us: 0.001, µs: 0.001, ns: 0.000_001 } as const;

const PART = /(\d+(?:\.\d+)?|\.\d+)(ms|us|µs|ns|h|m|s)/g;
const DURATION = /^(?:(?:\d+(?:\.\d+)?|\.\d+)(?:ms|us|µs|ns|h|m|s))+$/;

/**
 * Milliseconds of a duration with units: `17ms`, `7.66s`, `2m59.56s`, `6m0s`, `1h2m3.5s`, `4h17m`.
 * Undefined for anything else, a bare number included: its unit depends on who sent it.
 */
export function parseDuration(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed.length > 64 || !DURATION.test(trimmed)) return undefined;
  let ms = 0;
  for (const [, amount, unit] of trimmed.matchAll(PART)) ms += Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS];
  return Number.isFinite(ms) ? ms : undefined;
}

/** A number of at least zero from a header, or undefined: never NaN, never infinite, never negative. */
export function parseAmount(text: string): number | undefined {
  const trimmed = text.trim();
  if (trimmed.length > 32 || !/^\d+(?:\.\d*)?$|^\.\d+$/.test(trimmed)) return undefined;
  return Number(trimmed);
}

const TIME = String.raw`\d\d:\d\d:\d\d`;
const INTERNET_DATE = String.raw`[a-z]{3,9}, \d{1,2}[ -][a-z]{3}[ -]\d{2,4} ${TIME}`;
const ASCTIME_DATE = String.raw`[a-z]{3} [a-z]{3} [ \d]\d ${TIME} \d{4}`;
const RFC3339_DATE = String.raw`\d{4}-\d\d-\d\dT${TIME}(?:\.\d+)?`;
/** Date.parse alone takes "1", "2.5" and "after 5" for dates too. */
const DATE = new RegExp(
  `^(?:${INTERNET_DATE}|${ASCTIME_DATE}|${RFC3339_DATE})( ?(?:GMT|UTC|Z|[+-]\\d\\d:?\\d\\d))?$`,
  'i',
);

/** An HTTP date (all three forms of RFC 9110) or an RFC 3339 time as epoch milliseconds. Without a zone it is taken for UTC. */
export function parseDate(text: string): number | undefined {
  const trimmed = text.trim();
  const match = trimmed.length > 64 ? null : DATE.exec(trimmed);
  if (match === null) return undefined;
  const [whole, zone] = match;
  const assumed = /^\d/.test(whole) ? 'Z' : ' GMT';
  const ms = Date.parse(zone === undefined ? whole + assumed : whole);
  return Number.isFinite(ms) ? ms : undefined;
}
