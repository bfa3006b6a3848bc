import { memberSpans } from './json-members.ts';

/** What becomes of top-level members: name, colon and value; undefined takes the member out. */
export interface MemberChanges {
  readonly names: readonly string[];
  readonly texts: readonly (string | undefined)[];
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/**
 * A valid JSON object with some members changed, in one allocation. Stretches of untouched members are copied whole, with the
 * space and the commas in them; members that were not there go to the end.
 */
export function splice(bytes: Uint8Array, { names, texts }: MemberChanges): Uint8Array {
  const left = [...texts];
  let chars = 0;
  for (const text of texts) chars += text === undefined ? 0 : text.length + 1;
  const writer = new MemberWriter(bytes, chars);
  const open = bytes.indexOf(OPEN_BRACE) + 1;
  const close = bytes.lastIndexOf(CLOSE_BRACE);
  writer.copy(0, open);
  let at = open;
  for (const { index, start, end } of memberSpans(bytes, names)) {
    if (start > at) writer.members(at, start - 1);
    const text = left[index];
    if (text !== undefined) writer.member(text);
    // A repeated member is written once.
    left[index] = undefined;
    at = end + 1;
  }
  // A quote tells the members that are left from the space in an empty object.
  if (hasQuote(bytes, at, close)) writer.members(at, close);
  for (const text of left) if (text !== undefined) writer.member(text);
  writer.copy(close, bytes.byteLength);
  return writer.written;
}

function hasQuote(bytes: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at += 1) if (bytes[at] === QUOTE) return true;
  return false;
}

const encoder = new TextEncoder();

/** Node's pooled memory, where there is any: zeroed memory of one's own costs more than all the copying. */
const allocate: (bytes: number) => Uint8Array =
  (globalThis as { Buffer?: { allocUnsafe(bytes: number): Uint8Array } }).Buffer?.allocUnsafe ??
  ((bytes) => new Uint8Array(bytes));

/** UTF-8 takes up to three bytes for a unit of UTF-16. */
const BYTES_PER_CHAR = 3;

/** Up to so many bytes a loop copies faster than a call that needs a view on them. */
const SHORT = 48;

/** Puts an object together out of stretches of another one and of new members, with commas between them. */
class MemberWriter {
  readonly #source: Uint8Array;
  readonly #target: Uint8Array;
  #at = 0;
  #first = true;

  constructor(source: Uint8Array, addedChars: number) {
    this.#source = source;
    this.#target = allocate(source.byteLength + addedChars * BYTES_PER_CHAR);
  }

  get written(): Uint8Array {
    return this.#target.subarray(0, this.#at);
  }

  copy(from: number, to: number): void {
    if (to - from > SHORT) this.#target.set(this.#source.subarray(from, to), this.#at);
    else for (let at = from; at < to; at += 1) this.#target[this.#at + at - from] = this.#source[at] as number;
    this.#at += to - from;
  }

  /** One or more members of the source, without the comma that follows them. */
  members(from: number, to: number): void {
    this.#separate();
    this.copy(from, to);
  }

  member(text: string): void {
    this.#separate();
    for (let index = 0; index < text.length; index += 1) {
      const unit = text.charCodeAt(index);
      if (unit > 0x7f) {
        this.#at += encoder.encodeInto(text.slice(index), this.#target.subarray(this.#at)).written;
        return;
      }
      this.#target[this.#at++] = unit;
    }
  }

  #separate(): void {
    if (this.#first) this.#first = false;
    else this.#target[this.#at++] = COMMA;
  }
}
