interface NodeBuffer extends Uint8Array {
  latin1Slice(): string;
  utf8Slice(): string;
}

interface NodeBufferClass {
  new (...parts: never[]): NodeBuffer;
  from(memory: ArrayBufferLike, offset: number, length: number): NodeBuffer;
  from(text: string, encoding: 'latin1'): NodeBuffer;
}

const { Buffer } = globalThis as unknown as { Buffer?: NodeBufferClass };

/** Bytes that are turned into characters at a time, where there is no Buffer. */
const STEP = 8_192;

/**
 * Bytes as text with one character for each of them. It is searched, cut and joined with a fraction of the work that views of bytes
 * take, and {@link bytesOf} gives the very same bytes back, whether or not they are valid UTF-8.
 */
export function byteText(bytes: Uint8Array): string {
  if (Buffer !== undefined) {
    return (
      bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    ).latin1Slice();
  }
  let text = '';
  for (let at = 0; at < bytes.length; at += STEP) text += String.fromCharCode(...bytes.subarray(at, at + STEP));
  return text;
}

export function bytesOf(text: string): Uint8Array {
  if (Buffer !== undefined) return Buffer.from(text, 'latin1');
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

const encoder = new TextEncoder();
const ASCII = /^[\x20-\x7e]*$/;

/** Text as {@link byteText} of its UTF-8. */
export function encoded(text: string): string {
  return ASCII.test(text) ? text : byteText(encoder.encode(text));
}

/**
 * Whether `text`, which was decoded from `bytes`, has one character for each of them because all are ASCII. Nothing else has: a byte
 * that is no UTF-8 becomes one character too, but that is always the same.
 */
export function isAscii(text: string, bytes: Uint8Array): boolean {
  return text.length === bytes.byteLength && !text.includes('\ufffd');
}

const MARK = 0xef;
const decoder = new TextDecoder();

/** The text that UTF-8 means. Node's own decoding costs half as much, but keeps a byte order mark. */
export function decoded(bytes: Uint8Array): string {
  const plain = Buffer !== undefined && bytes instanceof Buffer && bytes[0] !== MARK;
  return plain ? bytes.utf8Slice() : decoder.decode(bytes);
}
