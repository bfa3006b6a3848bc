import type { Readable } from 'node:stream';
import { transportError } from './transport-error.ts';

/**
 * A response body that can be left at any time: `return()` closes the connection at once, even while a read is waiting, which an
 * async generator would not do. Its errors are of our kinds.
 */
export class ResponseBody implements AsyncIterable<Uint8Array>, AsyncIterator<Uint8Array, undefined> {
  readonly #stream: Readable;
  readonly #origin: string;
  readonly #signal: AbortSignal;
  #chunks: AsyncIterator<Uint8Array> | undefined;

  constructor(stream: Readable, origin: string, signal: AbortSignal) {
    this.#stream = stream;
    this.#origin = origin;
    this.#signal = signal;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    try {
      this.#chunks ??= this.#stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
      return await this.#chunks.next();
    } catch (thrown) {
      throw transportError(thrown, this.#origin, this.#signal);
    }
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    // Without a listener the error that a destroyed stream emits would be nobody's, and end the process.
    this.#stream.on('error', ignore).destroy();
    return { done: true, value: undefined };
  }
}

function ignore(): void {}
