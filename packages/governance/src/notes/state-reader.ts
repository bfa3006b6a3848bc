import type { LimitGroup, LimitState, LimitStore } from '@x/store';
import { tightest, type RateLimits } from './rate-limits.ts';

/** Milliseconds for which what was read from a remote store is shown again. */
const FRESH_MS = 250;

interface Seen {
  states: readonly LimitState[];
  /** By the store's clock. */
  at: number;
  reading: boolean;
}

/**
 * Where limits stand, at once. A store in this process is asked; of a remote one the last answer is shown, and asked for anew at most
 * four times a second, so that no request waits or pays for a header.
 */
export class StateReader {
  readonly #store: LimitStore;
  readonly #seen = new WeakMap<LimitGroup, Seen>();

  constructor(store: LimitStore) {
    this.#store = store;
  }

  /** Undefined where requests and tokens have no limit, or nothing is known yet. */
  read(group: LimitGroup): RateLimits | undefined {
    const seen = this.#seen.get(group);
    const now = this.#store.now();
    if (seen !== undefined && (seen.reading || now - seen.at < FRESH_MS)) return tightest(seen.states, now);
    const states = this.#store.read(group);
    if (!(states instanceof Promise)) return tightest(states, now);
    this.#await(group, states, seen ?? { states: [], at: now, reading: true });
    return seen && tightest(seen.states, now);
  }

  #await(group: LimitGroup, states: Promise<readonly LimitState[]>, seen: Seen): void {
    seen.reading = true;
    this.#seen.set(group, seen);
    const done = () => {
      seen.reading = false;
      seen.at = this.#store.now();
    };
    states.then((read) => {
      seen.states = read;
      done();
    }, done);
  }
}
