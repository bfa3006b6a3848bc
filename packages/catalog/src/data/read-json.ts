type Json = Readonly<Record<string, unknown>>;

// Each hands back what it was given, narrowed. @throws TypeError that says where it is, and what it must be.

export function objectAt(value: unknown, at: string): Json {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Json;
  throw wrong(at, 'an object');
}

export function listAt(value: unknown, at: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw wrong(at, 'a list');
}

export function textAt(value: unknown, at: string): string {
  if (typeof value === 'string' && value !== '') return value;
  throw wrong(at, 'text');
}

export function numberAt(value: unknown, at: string): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  throw wrong(at, 'a number of at least 0');
}

export function regexAt(value: unknown, at: string): string {
  const text = textAt(value, at);
  try {
    void new RegExp(text);
    return text;
  } catch (cause) {
    throw new TypeError(`price data: ${at} must be a regular expression`, { cause });
  }
}

export function wrong(at: string, what: string): TypeError {
  return new TypeError(`price data: ${at} must be ${what}`);
}
