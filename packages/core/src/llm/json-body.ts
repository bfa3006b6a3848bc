import { PipelineError } from '../errors/pipeline-error.ts';
import { memberSpans, type MemberSpan } from './json-members.ts';

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: JsonValue | undefined;
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();
const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/**
 * A JSON object as the bytes that travelled and as the value that they mean, each made from the other at most once.
 * {@link edit} changes members in the bytes, so that all the rest (unknown fields, big numbers, order) stays as it was sent.
 */
export class JsonBody {
  #bytes: Uint8Array | undefined;
  #value: JsonObject | undefined;

  private constructor(bytes: Uint8Array | undefined, value: JsonObject | undefined) {
    this.#bytes = bytes;
    this.#value = value;
  }

  /** @throws PipelineError `invalid_request` when the bytes are no JSON object */
  static parse(bytes: Uint8Array): JsonBody {
    let value: unknown;
    try {
      value = JSON.parse(decoder.decode(bytes));
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new PipelineError('invalid_request', `the body is not valid JSON: ${why}`, { code: 'invalid_json', cause });
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new PipelineError('invalid_request', 'the body must be a JSON object', { code: 'invalid_json' });
    }
    return new JsonBody(bytes, value as JsonObject);
  }

  static of(value: JsonObject): JsonBody {
    return new JsonBody(undefined, value);
  }

  get value(): JsonObject {
    return (this.#value ??= JSON.parse(decoder.decode(this.#bytes)) as JsonObject);
  }

  get bytes(): Uint8Array {
    return (this.#bytes ??= encoder.encode(JSON.stringify(this.#value)));
  }

  /** The bytes with these top-level members set, or removed where undefined. All other bytes are kept. */
  edit(changes: JsonObject): Uint8Array {
    const { value } = this;
    const texts = new Map<string, string>();
    let chars = 0;
    let touched: string[] | undefined;
    for (const name in changes) {
      if (Object.hasOwn(value, name)) (touched ??= []).push(name);
      const change = changes[name];
      if (change === undefined) continue;
      const text = `${JSON.stringify(name)}:${JSON.stringify(change)}`;
      texts.set(name, text);
      chars += text.length + 1;
    }
    if (touched === undefined && texts.size === 0) return this.bytes;
    if (this.#bytes === undefined) return encoder.encode(JSON.stringify({ ...value, ...changes }));
    const spans = touched === undefined ? NO_SPANS : memberSpans(this.#bytes, touched);
    return splice(this.#bytes, spans, new MemberWriter(this.#bytes, chars), texts);
  }
}

const NO_SPANS: readonly MemberSpan[] = [];

/** Stretches of untouched members are copied whole, with the space and the commas in them. */
function splice(
  bytes: Uint8Array,
  spans: readonly MemberSpan[],
  writer: MemberWriter,
  texts: Map<string, string>,
): Uint8Array {
  const open = bytes.indexOf(OPEN_BRACE) + 1;
  const close = bytes.lastIndexOf(CLOSE_BRACE);
  writer.copy(0, open);
  let at = open;
  for (const { name, start, end } of spans) {
    if (start > at) writer.members(at, start - 1);
    const text = texts.get(name);
    if (text !== undefined && texts.delete(name)) writer.member(text);
    at = end + 1;
  }
  // A quote tells the members that are left from the space in an empty object.
  if (at <= close && bytes.indexOf(QUOTE, at) !== -1) writer.members(at, close);
  for (const text of texts.values()) writer.member(text);
  writer.copy(close, bytes.byteLength);
  return writer.written;
}

/** Node's pooled memory, where there is any: zeroed memory of one's own costs more than all the copying. */
const allocate: (bytes: number) => Uint8Array =
  (globalThis as { Buffer?: { allocUnsafe(bytes: number): Uint8Array } }).Buffer?.allocUnsafe ??
  ((bytes) => new Uint8Array(bytes));

/** UTF-8 takes up to three bytes for a unit of UTF-16. */
const BYTES_PER_CHAR = 3;

/** Puts an object together out of stretches of another one and of new members, with commas between them, in one allocation. */
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
    this.#target.set(this.#source.subarray(from, to), this.#at);
    this.#at += to - from;
  }

  /** One or more members of the source, without the comma that follows them. */
  members(from: number, to: number): void {
    this.#separate();
    this.copy(from, to);
  }

  member(text: string): void {
    this.#separate();
    this.#at += encoder.encodeInto(text, this.#target.subarray(this.#at)).written;
  }

  #separate(): void {
    if (this.#first) this.#first = false;
    else this.#target[this.#at++] = COMMA;
  }
}
