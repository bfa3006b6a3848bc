const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** Where one top-level member stands, with the space around it and without the commas. */
export interface MemberSpan {
  /** Which of the names it is. */
  readonly index: number;
  /** Just past the brace or the comma before it. */
  readonly start: number;
  /** At the comma or the brace after it. */
  readonly end: number;
}

const decoder = new TextDecoder();

/**
 * The top-level members called one of `names`, repeated ones too, in a JSON object that is known to be valid.
 * Everything else is skipped over, never built.
 */
export function memberSpans(bytes: Uint8Array, names: readonly string[]): MemberSpan[] {
  const spans: MemberSpan[] = [];
  let start = find(OPEN_BRACE, bytes, 0) + 1;
  for (;;) {
    const open = find(QUOTE, bytes, start);
    if (open >= bytes.length) return spans;
    const close = stringEnd(bytes, open);
    const end = valueEnd(bytes, find(COLON, bytes, close) + 1);
    for (let index = 0; index < names.length; index += 1) {
      if (isNamed(names[index] as string, bytes, open, close)) {
        spans.push({ index, start, end });
        break;
      }
    }
    if (bytes[end] !== COMMA) return spans;
    start = end + 1;
  }
}

/** Only space stands before it, so a loop is quicker than a search. */
function find(byte: number, bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && bytes[at] !== byte) at += 1;
  return at;
}

/** Whether the string between the quotes at `open` and before `close` means `name`. Reads plain ASCII without decoding it. */
function isNamed(name: string, bytes: Uint8Array, open: number, close: number): boolean {
  for (let at = open + 1; at < close - 1; at += 1) {
    const byte = bytes[at] as number;
    if (byte === BACKSLASH || byte > 0x7f) return JSON.parse(decoder.decode(bytes.subarray(open, close))) === name;
    if (byte !== name.charCodeAt(at - open - 1)) return false;
  }
  return close - open - 2 === name.length;
}

/** Bytes to look at one by one before a search, which is quicker over long stretches only. */
const NEAR = 32;

/** Just past the closing quote of the string whose opening quote stands at `open`. */
function stringEnd(bytes: Uint8Array, open: number): number {
  let at = open + 1;
  for (;;) {
    for (const far = at + NEAR; at < far; at += bytes[at] === BACKSLASH ? 2 : 1) {
      if (bytes[at] === QUOTE) return at + 1;
    }
    const quote = bytes.indexOf(QUOTE, at);
    let escapes = quote;
    while (escapes > at && bytes[escapes - 1] === BACKSLASH) escapes -= 1;
    at = quote + 1;
    if ((quote - escapes) % 2 === 0) return at;
  }
}

/** Just past a value: at the comma or the brace that ends its member. */
function valueEnd(bytes: Uint8Array, from: number): number {
  let depth = 0;
  let at = from;
  for (;;) {
    switch (bytes[at]) {
      case QUOTE:
        at = stringEnd(bytes, at);
        continue;
      case OPEN_BRACE:
      case OPEN_BRACKET:
        depth += 1;
        break;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        if (depth === 0) return at;
        depth -= 1;
        break;
      case COMMA:
        if (depth === 0) return at;
        break;
    }
    at += 1;
  }
}
