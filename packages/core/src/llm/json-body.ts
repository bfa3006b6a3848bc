import { PipelineError } from '../errors/pipeline-error.ts';
import { bytesOf, byteText, decoded, encoded, isAscii } from './byte-text.ts';
import { splice } from './json-splice.ts';

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: JsonValue | undefined;
}

const encoder = new TextEncoder();

/** Bytes of a body whose text is kept. A large one, with images in it, must not lie in memory once more. */
const MOST_KEPT = 65_536;

/**
 * A JSON object as the bytes that travelled and as the value that they mean, each made from the other at most once.
 * {@link edit} changes members in the bytes, so that all the rest (unknown fields, big numbers, order) stays as it was sent.
 */
export class JsonBody {
  #bytes: Uint8Array | undefined;
  #value: JsonObject | undefined;
  readonly #latin1: string | undefined;

  private constructor(bytes: Uint8Array | undefined, value: JsonObject | undefined, latin1?: string) {
    this.#bytes = bytes;
    this.#value = value;
    this.#latin1 = latin1;
  }

  /** @throws PipelineError `invalid_request` when the bytes are no JSON object */
  static parse(bytes: Uint8Array): JsonBody {
    const text = decoded(bytes);
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new PipelineError('invalid_request', `the body is not valid JSON: ${why}`, { code: 'invalid_json', cause });
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new PipelineError('invalid_request', 'the body must be a JSON object', { code: 'invalid_json' });
    }
    const isKept = bytes.byteLength <= MOST_KEPT && isAscii(text, bytes);
    return new JsonBody(bytes, value as JsonObject, isKept ? text : undefined);
  }

  static of(value: JsonObject): JsonBody {
    return new JsonBody(undefined, value);
  }

  get value(): JsonObject {
    return (this.#value ??= JSON.parse(decoded(this.#bytes as Uint8Array)) as JsonObject);
  }

  get bytes(): Uint8Array {
    return (this.#bytes ??= encoder.encode(JSON.stringify(this.#value)));
  }

  /** The bytes as text with one character for each of them: Latin-1, whatever they mean. */
  get latin1(): string {
    return this.#latin1 ?? byteText(this.bytes);
  }

  /** The bytes with these top-level members set, or removed where undefined. All other bytes are kept. */
  edit(changes: JsonObject): Uint8Array {
    const { value } = this;
    const names: string[] = [];
    const texts: (string | undefined)[] = [];
    for (const name in changes) {
      const change = changes[name];
      if (change === undefined && !Object.hasOwn(value, name)) continue;
      names.push(name);
      texts.push(change === undefined ? undefined : encoded(`${JSON.stringify(name)}:${JSON.stringify(change)}`));
    }
    if (names.length === 0) return this.bytes;
    if (this.#bytes === undefined) return encoder.encode(JSON.stringify({ ...value, ...changes }));
    return bytesOf(splice(this.latin1, { names, texts }));
  }
}
