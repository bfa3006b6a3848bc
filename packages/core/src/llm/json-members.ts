import { bytesOf, decoded } from './byte-text.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
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

/**
 * The top-level members called one of `names`, repeated ones too, in a JSON object that is known to be valid, as `byteText`.
 * Everything else is skipped over, never built; what follows the last of them is not even looked at in most cases.
 */
export function memberSpans(json: string, names: readonly string[]): MemberSpan[] {
  const spans: MemberSpan[] = [];
  let start = json.indexOf('{') + 1;
  for (;;) {
    const open = json.indexOf('"', start);
    if (open === -1) return spans;
    const close = stringEnd(json, open);
    const end = valueEnd(json, json.indexOf(':', close) + 1);
    let index = names.length - 1;
    while (index >= 0 && !isNamed(names[index] as string, json, open, close)) index -= 1;
    if (index !== -1) spans.push({ index, start, end });
    if (json.charCodeAt(end) !== COMMA) return spans;
    start = end + 1;
    if (index !== -1 && spans.length >= names.length && !mayHold(json, names, start)) return spans;
  }
}

/** Whether one of the names may stand behind `from`, plainly or with escapes in it. */
function mayHold(json: string, names: readonly string[], from: number): boolean {
  return json.includes('\\u', from) || names.some((name) => !PLAIN.test(name) || json.includes(`"${name}"`, from));
}

/** Nothing in it can be escaped but as a code. */
const PLAIN = /^\w+$/;

/** Whether the string between the quotes at `open` and before `close` means `name`. Reads plain ASCII without decoding it. */
function isNamed(name: string, json: string, open: number, close: number): boolean {
  for (let at = open + 1; at < close - 1; at += 1) {
    const code = json.charCodeAt(at);
    if (code === BACKSLASH || code > 0x7f) return JSON.parse(decoded(bytesOf(json.slice(open, close)))) === name;
    if (code !== name.charCodeAt(at - open - 1)) return false;
  }
  return close - open - 2 === name.length;
}

/** Characters to look at one by one before a search, which is quicker over long stretches only. */
const NEAR = 32;

/** Just past the closing quote of the string whose opening quote stands at `open`. */
function stringEnd(json: string, open: number): number {
  let at = open + 1;
  for (const far = at + NEAR; at < far; at += json.charCodeAt(at) === BACKSLASH ? 2 : 1) {
    if (json.charCodeAt(at) === QUOTE) return at + 1;
  }
  for (;;) {
    const quote = json.indexOf('"', at);
    let escapes = quote;
    while (escapes > at && json.charCodeAt(escapes - 1) === BACKSLASH) escapes -= 1;
    at = quote + 1;
    if ((quote - escapes) % 2 === 0) return at;
  }
}

/** Just past a value: at the comma or the brace that ends its member. */
function valueEnd(json: string, from: number): number {
  let depth = 0;
  let at = from;
  for (;;) {
    switch (json.charCodeAt(at)) {
      case QUOTE:
        at = stringEnd(json, at);
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
