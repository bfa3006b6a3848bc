import type { Clock } from '@x/core';
import { isStoreUnavailable, storeUnavailable } from '../limits/store-unavailable.ts';

export interface ReachOptions {
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly probeMs: number;
  /** Asks whether the store is there, and does what has to be done before it is used again. Rejects where it is not. */
  readonly comeBack: () => Promise<void>;
}

/** Whether a store can be reached. After one call that failed nobody waits for it, until a probe has found it again. */
export class Reach {
  readonly #options: ReachOptions;
  readonly #closed = new AbortController();
  #ok = true;
  #since: number;
  #probeAt = 0;

  constructor(options: ReachOptions) {
    this.#options = options;
    this.#since = options.clock.now();
  }

  get ok(): boolean {
    return this.#ok;
  }

  /** Since when it has been as it is. */
  get since(): number {
    return this.#since;
  }

  /** Milliseconds until it is asked again. */
  get retryAfterMs(): number {
    return Math.max(1, Math.ceil(this.#probeAt - this.#options.clock.now()));
  }

  /** @throws what the call throws, or `store_unavailable` when it takes too long: the store is away from then on */
  async call<T>(work: () => T | Promise<T>): Promise<T> {
    try {
      return await this.inTime(work);
    } catch (error) {
      if (isStoreUnavailable(error)) this.#lose();
      throw error;
    }
  }

  /** The same without a consequence. */
  inTime<T>(work: () => T | Promise<T>): Promise<T> {
    const { clock, timeoutMs } = this.#options;
    return new Promise<T>((resolve, reject) => {
      // In two halves: where this process was busy for all of the first one, what was answered meanwhile is read before the second ends.
      let cancel = clock.schedule(timeoutMs / 2, () => {
        cancel = clock.schedule(timeoutMs / 2, () => reject(storeUnavailable(`nothing came within ${timeoutMs} ms`)));
      });
      const run = async () => work();
      const ending =
        <V>(end: (value: V) => void) =>
        (value: V) => {
          cancel();
          end(value);
        };
      run().then(ending(resolve), ending(reject));
    });
  }

  close(): void {
    this.#closed.abort();
  }

  #lose(): void {
    if (!this.#ok || this.#closed.signal.aborted) return;
    this.#turn(false);
    void this.#probe();
  }

  async #probe(): Promise<void> {
    const { clock, probeMs, comeBack } = this.#options;
    const { signal } = this.#closed;
    while (!signal.aborted) {
      this.#probeAt = clock.now() + probeMs;
      try {
        await clock.sleep(probeMs, signal);
        await comeBack();
        return this.#turn(true);
      } catch {
        // Still away, or closed.
      }
    }
  }

  #turn(ok: boolean): void {
    this.#ok = ok;
    this.#since = this.#options.clock.now();
  }
}
