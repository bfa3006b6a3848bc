/** What the clocks on the wall show. */
export interface WallTime {
  readonly year: number;
  /** From 0. */
  readonly month: number;
  readonly day: number;
  /** How far they are ahead of UTC. */
  readonly offsetMs: number;
}

const DAY_MS = 86_400_000;

const formats = new Map<string, Intl.DateTimeFormat>();

/** @throws RangeError for a zone that is not known */
export function wallTime(timeZone: string, at: number): WallTime {
  const parts = new Map(
    formatOf(timeZone)
      .formatToParts(at)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const [year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0] = [
    'year' as const,
    'month' as const,
    'day' as const,
    'hour' as const,
    'minute' as const,
    'second' as const,
  ].map((type) => parts.get(type));
  const shown = Date.UTC(year, month - 1, day, hour, minute, second);
  return { year, month: month - 1, day, offsetMs: shown - Math.floor(at / 1000) * 1000 };
}

/**
 * Epoch milliseconds at which a day begins, which is given as midnight in UTC. Where clocks are set at midnight, a day begins
 * when it is first that day: at one o'clock where midnight is skipped, at the first midnight where there are two.
 */
export function startOfDay(timeZone: string, day: number): number {
  const offsetAt = (at: number) => wallTime(timeZone, at).offsetMs;
  const candidates = [offsetAt(day - DAY_MS), offsetAt(day + DAY_MS)].map((offsetMs) => day - offsetMs);
  const midnights = candidates.filter((at) => at + offsetAt(at) === day);
  return midnights.length > 0 ? Math.min(...midnights) : (candidates[0] ?? day);
}

/** Intl's formats are slow to make and cannot be told apart from their zone: one for each. */
function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(timeZone, format);
  return format;
}
