import type { Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import { PipelineError } from '@x/core';

type Body = AsyncIterable<Uint8Array> & AsyncIterator<Uint8Array, undefined>;

const DECODERS: ReadonlyMap<string, () => Transform> = new Map<string, () => Transform>([
  ['gzip', () => createGunzip()],
  ['x-gzip', () => createGunzip()],
  ['deflate', () => createInflate()],
  ['br', () => createBrotliDecompress()],
  ['zstd', () => createZstdDecompress()],
]);

/**
 * The body as its sender meant it. No call of ours asks for compression, but some proxies compress whatever passes. A body in an
 * encoding that is not known stays as it is, and is found not to be an answer.
 */
export function decodedBody(body: Body, encoding: string | readonly string[] | undefined): Body {
  if (encoding === undefined) return body;
  const decoder = DECODERS.get(String(encoding).trim().toLowerCase());
  return decoder === undefined ? body : new DecodedBody(body, decoder());
}

/** Pulled like any other body: nothing is decoded ahead of its reader but what the decoder's own buffers hold. */
class DecodedBody implements AsyncIterable<Uint8Array>, AsyncIterator<Uint8Array, undefined> {
  readonly #body: Body;
  readonly #decoder: Transform;
  #pumping = false;
  #failure: Error | undefined;
  #ended = false;
  #wake: (() => void) | undefined;

  constructor(body: Body, decoder: Transform) {
    this.#body = body;
    this.#decoder = decoder;
    decoder.on('readable', () => this.#wake?.());
    decoder.on('error', (error) => this.#end(error));
    decoder.on('end', () => this.#end());
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (!this.#pumping) void this.#pump();
    for (;;) {
      const value = this.#decoder.read() as Uint8Array | null;
      if (value !== null) return { done: false, value };
      if (this.#failure) throw asPipelineError(this.#failure);
      if (this.#ended) return { done: true, value: undefined };
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#end();
    this.#failure = undefined;
    this.#decoder.destroy();
    await this.#body.return?.();
    return { done: true, value: undefined };
  }

  /** Feeds the decoder as fast as it is emptied. */
  async #pump(): Promise<void> {
    this.#pumping = true;
    try {
      for (;;) {
        const { done, value } = await this.#body.next();
        if (this.#ended) return;
        if (done) break;
        if (!this.#decoder.write(value)) await new Promise((resolve) => this.#decoder.once('drain', resolve));
      }
      this.#decoder.end();
    } catch (thrown) {
      this.#decoder.destroy(thrown as Error);
    }
  }

  #end(failure?: Error): void {
    if (!this.#ended) this.#failure = failure;
    this.#ended = true;
    this.#wake?.();
  }
}

/** What the connection failed with, or the decoder: then the bytes were not what their header says. */
function asPipelineError(error: Error): PipelineError {
  if (PipelineError.isInstance(error)) return error;
  return new PipelineError('server_error', `the body is not in its content encoding: ${error.message}`, {
    code: 'invalid_http',
    cause: error,
  });
}
