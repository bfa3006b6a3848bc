import type { PipelineError, Source } from '@x/core';
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

/** What a body gives while nothing has arrived. */
export const NO_BYTES = new Uint8Array(0);

/**
 * A response body as its reader sees it: all that has arrived, at once. Can be left at any time: `return()` closes the connection
 * even while a read is waiting, which an async generator would not do.
 */
export class ResponseBody
  implements Source<Uint8Array>, AsyncIterable<Uint8Array>, AsyncIterator<Uint8Array, undefined>
{
  readonly #control: BodyControl;
  /** Nearly always there is one piece, which needs no list. */
  #first: Uint8Array | undefined;
  #more: Uint8Array[] | undefined;
  #bytes = 0;
  #highWater = HIGH_WATER_BYTES;
  #paused = false;
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
    if (this.#first === undefined) this.#first = chunk;
    else (this.#more ??= []).push(chunk);
    this.#bytes += chunk.byteLength;
    this.#paused = this.#bytes >= this.#highWater;
    this.#awake();
    return !this.#paused;
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

  take(): Uint8Array | undefined {
    if (this.#first === undefined) {
      if (this.#failure) throw this.#failure;
      return this.#ended ? undefined : NO_BYTES;
    }
    const bytes = this.#empty(this.#first);
    if (this.#paused && !this.#ended) {
      this.#paused = false;
      this.#control.resume();
    }
    return bytes;
  }

  wait(wake: () => void): void {
    if (this.#first !== undefined || this.#ended) wake();
    else this.#wake = wake;
  }

  async next(): Promise<IteratorResult<Uint8Array, undefined>> {
    for (;;) {
      const value = this.take();
      if (value === undefined) return { done: true, value };
      if (value.byteLength > 0) return { done: false, value };
      await new Promise<void>((resolve) => this.wait(resolve));
    }
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
        const bytes = this.#empty(this.#first ?? NO_BYTES);
        this.#leave();
        resolve({ bytes, truncated });
      };
      const paused = this.#paused;
      this.#highWater = Infinity;
      this.#paused = false;
      look();
      if (paused && !this.#ended) this.#control.resume();
    });
  }

  async return(): Promise<IteratorResult<Uint8Array, undefined>> {
    this.#leave();
    return { done: true, value: undefined };
  }

  #leave(): void {
    const open = !this.#ended;
    this.#first = undefined;
    this.#more = undefined;
    this.#failure = undefined;
    this.end();
    if (open) this.#control.close();
  }

  #empty(first: Uint8Array): Uint8Array {
    const more = this.#more;
    const bytes = more === undefined ? first : join([first, ...more], this.#bytes);
    this.#first = undefined;
    this.#more = undefined;
    this.#bytes = 0;
    return bytes;
  }

  #awake(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}
