import type { PipelineError } from '@x/core';
import { join } from './read-body.ts';

/** Bytes that may wait for their reader; beyond it the connection is not read on. */
const HIGH_WATER_BYTES = 65_536;

/** What a body needs of its connection. */
export interface BodyControl {
  resume(): void;
  /** Closes the connection. */
  close(): void;
}

/**
 * A response body as its reader sees it: all that has arrived, at once. Can be left at any time: `return()` closes the connection
 * even while a read is waiting, which an async generator would not do.
 */
export class ResponseBody implements AsyncIterable<Uint8Array>, AsyncIterator<Uint8Array, undefined> {
  readonly #control: BodyControl;
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  #ended = false;
  #failure: PipelineError | undefined;
  #wake: (() => void) | undefined;

  constructor(control: BodyControl) {
    this.#control = control;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** Takes a piece from the connection; false when no more should be read for now. */
  push(chunk: Uint8Array): boolean {
    if (this.#ended) return true;
    this.#chunks.push(chunk);
    this.#bytes += chunk.byteLength;
    this.#awake();
    return this.#bytes < HIGH_WATER_BYTES;
  }

  end(): void {
    this.#ended = true;
    this.#awake();
  }

  /** What arrived before is still handed out. */
  fail(error: PipelineError): void {
    if (this.#ended) return;
    this.#failure = error;
    this.end();
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    while (this.#chunks.length === 0) {
      if (this.#failure) throw this.#failure;
      if (this.#ended) return { done: true, value: undefined };
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    const value = join(this.#chunks, this.#bytes);
    this.#chunks = [];
    this.#bytes = 0;
    if (!this.#ended) this.#control.resume();
    return { done: false, value };
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    const open = !this.#ended;
    this.#chunks = [];
    this.#failure = undefined;
    this.end();
    if (open) this.#control.close();
    return { done: true, value: undefined };
  }

  #awake(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
