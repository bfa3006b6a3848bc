import { pipeline, Readable, type Transform } from 'node:stream';
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
  #failure: Error | undefined;
  #ended = false;
  #wake: (() => void) | undefined;

  constructor(body: Body, decoder: Transform) {
    this.#body = body;
    this.#decoder = decoder;
    const wake = () => this.#wake?.();
    decoder.on('readable', wake);
    pipeline(Readable.from(body, { objectMode: false }), decoder, (error) => {
      this.#failure ??= error ?? undefined;
      this.#ended = true;
      wake();
    });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    for (;;) {
      const value = this.#decoder.read() as Uint8Array | null;
      if (value !== null) return { done: false, value };
      if (this.#failure) throw asPipelineError(this.#failure);
      if (this.#ended) return { done: true, value: undefined };
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#failure = undefined;
    this.#ended = true;
    const left = this.#body.return?.();
    this.#decoder.removeAllListeners('readable').destroy();
    this.#wake?.();
    await left;
    return { done: true, value: undefined };
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
