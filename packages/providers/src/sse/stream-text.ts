import { isAscii } from 'node:buffer';

const MARK = '\uFEFF';

/**
 * The bytes of a stream as text. Most pieces of most streams are ASCII alone, which is read byte for byte at a fraction of what a
 * decoder costs that has to expect half a character at every end.
 */
export class StreamText {
  // Left to itself it would take away the mark at the first piece that it sees, which need not be the first of the stream.
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  /** The last piece may have ended within a character. */
  #halfway = false;
  #begun = false;

  decode(chunk: Uint8Array): string {
    if (this.#halfway || !isAscii(chunk)) return this.#decode(chunk);
    this.#begun ||= chunk.length > 0;
    return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
  }

  /** What was still unfinished. */
  end(): string {
    return this.#halfway ? this.#decoder.decode() : '';
  }

  #decode(chunk: Uint8Array): string {
    const text = this.#decoder.decode(chunk, { stream: true });
    const last = chunk.at(-1);
    // A byte of ASCII is a character of its own, whatever stood before it.
    if (last !== undefined) this.#halfway = last > 0x7f;
    if (this.#begun || text === '') return text;
    this.#begun = true;
    return text.startsWith(MARK) ? text.slice(1) : text;
  }
}
