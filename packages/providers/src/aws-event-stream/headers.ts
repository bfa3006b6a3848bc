/** Bytes that a header's value has, by its type, where all of the type have as many. */
const FIXED: Readonly<Record<number, number>> = { 0: 0, 1: 0, 2: 1, 3: 2, 4: 4, 5: 8, 8: 8, 9: 16 };
const BYTES = 6;
const STRING = 7;

export type FrameHeaders = ReadonlyMap<string, string>;

/**
 * The headers of a frame that are texts: all that AWS's streams have. Undefined for bytes that are no headers.
 * Source: smithy.io/2.0/aws/amazon-eventstream.html.
 */
export function readHeaders(bytes: Buffer): FrameHeaders | undefined {
  const headers = new Map<string, string>();
  let at = 0;
  while (at < bytes.length) {
    const nameEnd = at + 1 + (bytes[at] as number);
    const type = bytes[nameEnd];
    if (type === undefined) return undefined;
    const name = bytes.toString('utf8', at + 1, nameEnd);
    let from = nameEnd + 1;
    let length = FIXED[type];
    if (type === STRING || type === BYTES) {
      if (from + 2 > bytes.length) return undefined;
      length = bytes.readUInt16BE(from);
      from += 2;
    }
    if (length === undefined || from + length > bytes.length) return undefined;
    at = from + length;
    if (type === STRING) headers.set(name, bytes.toString('utf8', from, at));
  }
  return headers;
}

/** The events of a stream have a handful of different headers. */
const MOST_KNOWN = 64;

/** Reads headers, and those that it has seen before faster. */
export class HeaderReader {
  readonly #known = new Map<string, FrameHeaders>();

  read(bytes: Buffer): FrameHeaders | undefined {
    const key = bytes.toString('latin1');
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const headers = readHeaders(bytes);
    if (headers !== undefined && this.#known.size < MOST_KNOWN) this.#known.set(key, headers);
    return headers;
  }
}
