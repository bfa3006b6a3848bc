import type { Clock } from '@x/core';

/** The server's clock, as far as its answers tell: each says that it was some time between the question and the answer. */
export class ServerTime {
  readonly #clock: Pick<Clock, 'now'>;
  #offsetMs = 0;

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  /** This machine's time, for {@link observe}. */
  local(): number {
    return this.#clock.now();
  }

  now(): number {
    return Math.floor(this.#clock.now() + this.#offsetMs);
  }

  observe(server: number, askedAt: number): void {
    // The server's time is cut to whole milliseconds.
    const least = server - this.#clock.now();
    const most = server + 1 - askedAt;
    this.#offsetMs = Math.min(Math.max(this.#offsetMs, least), most);
  }
}
