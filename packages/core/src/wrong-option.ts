/**
 * The error for an option that is not what it has to be: `backoff: budget must be false or an object, got 5`. Not for secrets: it shows
 * the value, or the beginning of it.
 */
export function wrongOption(option: string, value: unknown, expected: string): TypeError {
  return new TypeError(`${option} must be ${expected}, got ${shown(value)}`);
}

/** Characters of a text that help to find it. */
const SHOWN_CHARS = 60;

function shown(value: unknown): string {
  if (typeof value === 'string') {
    return JSON.stringify(value.length > SHOWN_CHARS ? `${value.slice(0, SHOWN_CHARS - 3)}...` : value);
  }
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'function' ? 'a function' : String(value);
}
