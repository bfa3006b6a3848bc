import type { PipelineError } from '@x/core';
import { join } from './join.ts';

/** Bytes that may wait for their reader; beyond it the connection is not read on. */
const HIGH_WATER_BYTES = 65_536;

export interface BoundedBody {
  readonly bytes: Uint8Array;
  /** There was more; the connection was closed. */
  readonly truncated: boolean;
}

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
  #highWater = HIGH_WATER_BYTES;
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
    return this.#bytes < this.#highWater;
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

  /** All of it: one promise, where `next` takes one for each piece. Beyond `limit` bytes the connection is closed. */
  readAll(limit: number): Promise<BoundedBody> {
    return new Promise((resolve, reject) => {
      const look = () => {
        const truncated = this.#bytes > limit;
        if (!truncated && this.#failure) return reject(this.#failure);
        if (!truncated && !this.#ended) {
          this.#wake = look;
          return;
        }
        const bytes = join(this.#chunks, this.#bytes);
        void this.return();
        resolve({ bytes, truncated });
      };
      const paused = this.#bytes >= this.#highWater;
      this.#highWater = Infinity;
      look();
      if (paused && !this.#ended) this.#control.resume();
    });
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
