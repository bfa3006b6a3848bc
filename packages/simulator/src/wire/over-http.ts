import type { ServerResponse } from 'node:http';
import type { Clock } from '@x/core';
import type { Exchange, Outcome } from './exchange.ts';

/** Plays an exchange on a socket. */
export function playOverHttp(exchange: Exchange, response: ServerResponse, clock: Clock): void {
  const { reply } = exchange;
  if (reply.delayMs <= 0 && reply.head === 'answer' && !reply.streamed) {
    writeWhole(exchange, response);
    exchange.finish('completed', reply.chunks[0]?.tokens ?? 0, clock.now());
    return;
  }
  new HttpPlayer(exchange, response, clock).start();
}

function writeWhole(exchange: Exchange, response: ServerResponse): void {
  const { reply } = exchange;
  exchange.begin();
  const data = reply.chunks[0]?.data ?? '';
  const headers = reply.headers as Record<string, string>;
  response.writeHead(reply.status, { ...headers, 'content-length': Buffer.byteLength(data) });
  response.end(data);
}

/** One exchange that takes time. It waits through the clock, and for a slow reader. */
class HttpPlayer {
  readonly #exchange: Exchange;
  readonly #response: ServerResponse;
  readonly #clock: Clock;
  readonly #startedAt: number;
  readonly #step = () => this.#continue();
  #cancelTimer: (() => void) | undefined;
  #position = 0;
  #over = false;

  constructor(exchange: Exchange, response: ServerResponse, clock: Clock) {
    this.#exchange = exchange;
    this.#response = response;
    this.#clock = clock;
    this.#startedAt = clock.now();
  }

  start(): void {
    this.#response.once('close', () => this.#finish('aborted'));
    const { head, delayMs } = this.#exchange.reply;
    if (head === 'hang') return;
    if (delayMs > 0) this.#cancelTimer = this.#clock.schedule(delayMs, () => this.#begin());
    else this.#begin();
  }

  #begin(): void {
    const { head, streamed, status, headers } = this.#exchange.reply;
    if (head === 'reset') return this.#reset();
    if (!streamed) {
      this.#position = 1;
      writeWhole(this.#exchange, this.#response);
      return this.#finish('completed');
    }
    this.#exchange.begin();
    this.#response.writeHead(status, headers as Record<string, string>);
    this.#response.flushHeaders();
    this.#continue();
  }

  /** Writes what has fallen due, and comes back for the rest. */
  #continue(): void {
    const { chunks, ending } = this.#exchange.reply;
    const age = this.#clock.now() - this.#startedAt;
    let data = '';
    let next = chunks[this.#position];
    while (next !== undefined && next.atMs <= age) {
      data += next.data;
      this.#position += 1;
      next = chunks[this.#position];
    }
    const last = next === undefined && ending === 'end';
    if (last) {
      this.#response.end(data);
      return this.#finish('completed');
    }
    const flushed = data === '' || this.#response.write(data);
    if (next === undefined) return ending === 'reset' ? this.#resetAfterFlush() : undefined;
    if (flushed) this.#cancelTimer = this.#clock.schedule(next.atMs - age, this.#step);
    else this.#response.once('drain', this.#step);
  }

  /** What was written must have left first, or the reset would swallow it. */
  #resetAfterFlush(): void {
    this.#response.socket?.write('', () => this.#reset());
  }

  #reset(): void {
    this.#finish('broken');
    this.#response.socket?.resetAndDestroy();
  }

  #finish(outcome: Outcome): void {
    if (this.#over) return;
    this.#over = true;
    this.#cancelTimer?.();
    const tokens = this.#exchange.reply.chunks[this.#position - 1]?.tokens ?? 0;
    this.#exchange.finish(outcome, tokens, this.#clock.now());
  }
}
