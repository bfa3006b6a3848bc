import type { Clock } from '@x/core';

/** A wait that ends early without an error. */
export class Timer {
  readonly over: Promise<undefined>;
  #end: () => void = () => undefined;
  readonly #cancel: () => void;

  constructor(clock: Clock, ms: number) {
    this.over = new Promise((resolve) => (this.#end = () => resolve(undefined)));
    this.#cancel = clock.schedule(ms, this.#end);
  }

  stop(): void {
    this.#cancel();
    this.#end();
  }
}
