import { PipelineError } from '../errors/pipeline-error.ts';
import { memberSpans } from './json-members.ts';

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
    const names = Object.keys(changes).filter((name) => changes[name] !== undefined || Object.hasOwn(this.value, name));
    if (names.length === 0) return this.bytes;
    if (this.#bytes === undefined) return encoder.encode(JSON.stringify({ ...this.value, ...changes }));
    return this.#splice(this.#bytes, names, changes);
  }

  /** Stretches of untouched members are copied whole, with the space and the commas in them. */
  #splice(bytes: Uint8Array, names: readonly string[], changes: JsonObject): Uint8Array {
    const open = bytes.indexOf(OPEN_BRACE) + 1;
    const close = bytes.lastIndexOf(CLOSE_BRACE);
    const spans = names.some((name) => Object.hasOwn(this.value, name)) ? memberSpans(bytes, names) : [];
    const missing = new Set(names.filter((name) => changes[name] !== undefined));
    const members: Uint8Array[] = [];
    let at = open;
    for (const { name, start, end } of spans) {
      if (start > at) members.push(bytes.subarray(at, start - 1));
      if (missing.delete(name)) members.push(member(name, changes[name]));
      at = end + 1;
    }
    // A quote tells the members that are left from the space in an empty object.
    if (at <= close && bytes.indexOf(QUOTE, at) !== -1) members.push(bytes.subarray(at, close));
    for (const name of missing) members.push(member(name, changes[name]));
    return enclose(bytes.subarray(0, open), members, bytes.subarray(close));
  }
}

function member(name: string, value: JsonValue | undefined): Uint8Array {
  return encoder.encode(`${JSON.stringify(name)}:${JSON.stringify(value)}`);
}

/** The members with commas between them. */
function enclose(head: Uint8Array, members: readonly Uint8Array[], tail: Uint8Array): Uint8Array {
  const commas = Math.max(0, members.length - 1);
  const length = members.reduce((sum, bytes) => sum + bytes.byteLength, head.byteLength + commas + tail.byteLength);
  const whole = new Uint8Array(length);
  whole.set(head);
  let at = head.byteLength;
  for (const [index, bytes] of members.entries()) {
    if (index > 0) whole[at++] = COMMA;
    whole.set(bytes, at);
    at += bytes.byteLength;
  }
  whole.set(tail, at);
  return whole;
}
