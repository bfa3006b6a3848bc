import { abortReason, type Clock } from '@x/core';
import { connectionClosed, connectionReset } from './connection-reset.ts';
import { takeDue } from './due.ts';
import type { Exchange } from './exchange.ts';

interface ReaderContext {
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/**
 * The body of a streamed reply. What has fallen due comes in one piece, as from a socket. Not a generator: `return()` must
 * end a wait that is going on.
 */
export class ReplyBody implements AsyncIterable<Uint8Array>, AsyncIterator<Uint8Array> {
  readonly #exchange: Exchange;
  readonly #startedAt: number;
  readonly #signal: AbortSignal;
  readonly #clock: Clock;
  readonly #onAbort = () => this.#abort();
  #position = 0;
  #ended = false;
  /** Ends the wait that is going on. */
  #wake: (() => void) | undefined;

  constructor(exchange: Exchange, startedAt: number, { signal, clock }: ReaderContext) {
    this.#exchange = exchange;
    this.#startedAt = startedAt;
    this.#signal = signal;
    this.#clock = clock;
    signal.addEventListener('abort', this.#onAbort, { once: true });
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    const { chunks, ending } = this.#exchange.reply;
    const next = chunks[this.#position];
    if (next !== undefined) await this.#waitFor(this.#startedAt + next.atMs - this.#clock.now());
    if (next === undefined && ending === 'stall' && !this.#ended) await this.#waitFor(Infinity);
    if (this.#signal.aborted) {
      this.#abort();
      throw abortReason(this.#signal);
    }
    if (this.#ended) return { done: true, value: undefined };
    if (next !== undefined) return { done: false, value: this.#takeDue() };
    this.#finish(ending === 'end' ? 'completed' : 'broken');
    if (ending === 'reset') throw connectionReset();
    if (ending === 'close') throw connectionClosed();
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    this.#finish('aborted');
    this.#wake?.();
    return { done: true, value: undefined };
  }

  #takeDue(): Uint8Array {
    const age = this.#clock.now() - this.#startedAt;
    const { data, next } = takeDue(this.#exchange.reply.chunks, this.#position, age);
    this.#position = next;
    return typeof data === 'string' ? Buffer.from(data) : data;
  }

  #waitFor(ms: number): Promise<void> {
    if (ms <= 0 || this.#ended || this.#signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const wake = () => {
        cancel?.();
        this.#wake = undefined;
        resolve();
      };
      const cancel = ms === Infinity ? undefined : this.#clock.schedule(ms, wake);
      this.#wake = wake;
    });
  }

  #abort(): void {
    this.#finish('aborted');
    this.#wake?.();
  }

  #finish(outcome: 'completed' | 'broken' | 'aborted'): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#signal.removeEventListener('abort', this.#onAbort);
    const tokens = this.#exchange.reply.chunks[this.#position - 1]?.tokens ?? 0;
    this.#exchange.finish(outcome, tokens, this.#clock.now());
  }
}
