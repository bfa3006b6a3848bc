import { crc32 } from 'node:zlib';

/** Type 7 of a header's value: a text with its length in two bytes. */
const STRING = 7;
const PRELUDE_BYTES = 12;
const CHECKSUM_BYTES = 4;

/** Headers come in a handful of sets, so each set is written once. Names and values are ours, not a caller's. */
export class FrameType {
  readonly #headers: Buffer;

  constructor(headers: Readonly<Record<string, string>>) {
    this.#headers = Buffer.concat(Object.entries(headers).map(([name, value]) => header(name, value)));
  }

  /** A whole frame around a payload of JSON, one character for each byte. */
  frame(json: string): string {
    const headers = this.#headers;
    const payloadBytes = Buffer.byteLength(json);
    const length = PRELUDE_BYTES + headers.byteLength + payloadBytes + CHECKSUM_BYTES;
    const bytes = Buffer.allocUnsafe(length);
    bytes.writeUInt32BE(length, 0);
    bytes.writeUInt32BE(headers.byteLength, 4);
    bytes.writeUInt32BE(crc32(bytes.subarray(0, 8)), 8);
    headers.copy(bytes, PRELUDE_BYTES);
    bytes.write(json, PRELUDE_BYTES + headers.byteLength);
    bytes.writeUInt32BE(crc32(bytes.subarray(0, length - CHECKSUM_BYTES)), length - CHECKSUM_BYTES);
    return bytes.toString('latin1');
  }
}

function header(name: string, value: string): Buffer {
  const size = Buffer.byteLength(value);
  return Buffer.concat([
    Buffer.of(Buffer.byteLength(name)),
    Buffer.from(name),
    Buffer.of(STRING, size >> 8, size & 0xff),
    Buffer.from(value),
  ]);
}
