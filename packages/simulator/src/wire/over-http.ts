import type { ServerResponse } from 'node:http';
import type { Writable } from 'node:stream';
import type { Clock } from '@x/core';
import { byteLength, isDue, takeDue } from './due.ts';
import type { Exchange, Outcome } from './exchange.ts';

/** Plays an exchange on a socket. */
export function playOverHttp(exchange: Exchange, response: ServerResponse, clock: Clock): void {
  const { reply } = exchange;
  if (reply.delayMs <= 0 && reply.head === 'answer' && !reply.streamed && reply.wire === undefined) {
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
  const length = hasBody(reply.status) ? { 'content-length': byteLength(data) } : {};
  response.writeHead(reply.status, { ...headers, ...length });
  response.end(data);
}

function hasBody(status: number): boolean {
  return status !== 204 && status !== 304;
}

/** One exchange that takes time. It waits through the clock, and for a slow reader. */
class HttpPlayer {
  readonly #exchange: Exchange;
  readonly #response: ServerResponse;
  readonly #clock: Clock;
  readonly #startedAt: number;
  readonly #step = () => this.#continue();
  /** The response, or its socket where node's framing is not wanted. */
  #out: Writable;
  #cancelTimer: (() => void) | undefined;
  #position = 0;
  #over = false;

  constructor(exchange: Exchange, response: ServerResponse, clock: Clock) {
    this.#exchange = exchange;
    this.#response = response;
    this.#out = response;
    this.#clock = clock;
    this.#startedAt = clock.now();
  }

  start(): void {
    this.#response.once('close', () => this.#finish('aborted'));
    const { head, delayMs, wire } = this.#exchange.reply;
    if (head === 'hang' && wire?.head === undefined) return;
    if (delayMs > 0) this.#cancelTimer = this.#clock.schedule(delayMs, () => this.#begin());
    else this.#begin();
  }

  #begin(): void {
    const { head, streamed, status, headers, wire } = this.#exchange.reply;
    const { socket } = this.#response;
    if (wire?.before !== undefined) socket?.write(wire.before);
    if (wire?.head !== undefined && socket !== null) {
      this.#exchange.begin();
      this.#out = socket;
      socket.write(wire.head);
      return this.#continue();
    }
    if (head === 'reset') return this.#reset();
    if (head === 'close') return this.#close();
    if (wire?.thenCloses) this.#response.once('finish', () => socket?.end());
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
    for (;;) {
      if (this.#over) return;
      const age = this.#clock.now() - this.#startedAt;
      const { data, next } = takeDue(chunks, this.#position, age);
      this.#position = next;
      const following = chunks[next];
      if (following === undefined && ending === 'end') {
        this.#out.end(data);
        return this.#finish('completed');
      }
      const flushed = data.length === 0 || this.#out.write(data);
      if (following === undefined) return this.#breakOff(ending);
      if (!flushed) {
        this.#out.once('drain', this.#step);
        return;
      }
      if (!isDue(following, age)) {
        this.#cancelTimer = this.#clock.schedule(following.atMs - age, this.#step);
        return;
      }
    }
  }

  /** What was written must have left first, or a reset would swallow it. */
  #breakOff(how: 'reset' | 'close' | 'stall' | 'end'): void {
    const { socket } = this.#response;
    if (how === 'reset') socket?.write('', () => this.#reset());
    else if (how === 'close') socket?.write('', () => this.#close());
  }

  #reset(): void {
    this.#finish('broken');
    this.#response.socket?.resetAndDestroy();
  }

  #close(): void {
    this.#finish('broken');
    this.#response.socket?.end();
  }

  #finish(outcome: Outcome): void {
    if (this.#over) return;
    this.#over = true;
    this.#cancelTimer?.();
    const tokens = this.#exchange.reply.chunks[this.#position - 1]?.tokens ?? 0;
    this.#exchange.finish(outcome, tokens, this.#clock.now());
  }
}
