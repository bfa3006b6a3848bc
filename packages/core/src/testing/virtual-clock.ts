import { createClock, type Clock } from '../clock.ts';
import { seededRandom } from './random.ts';
import { TimerQueue } from './timer-queue.ts';

export interface VirtualClockOptions {
  /** Epoch milliseconds at the beginning. @default 2026-01-01T00:00:00Z */
  start?: number;
  /** The same seed gives the same {@link Clock.random} numbers. @default 1 */
  seed?: number;
}

/** Turns of the event loop without a timer after which work is taken to be stuck. */
const IDLE_TURNS = 8;

/**
 * A clock that stands still until it is told to move, so that a storm of an hour takes milliseconds and every run is the same.
 * Work in virtual time may use promises freely, but must wait through this clock only.
 */
export class VirtualClock implements Clock {
  readonly random: () => number;
  readonly sleep: Clock['sleep'];
  readonly #timers = new TimerQueue();
  #now: number;
  #order = 0;
  #pending = 0;

  constructor(options: VirtualClockOptions = {}) {
    this.#now = options.start ?? Date.UTC(2026, 0, 1);
    this.random = seededRandom(options.seed ?? 1);
    this.sleep = createClock({
      now: () => this.#now,
      random: this.random,
      schedule: (ms, callback) => this.schedule(ms, callback),
    }).sleep;
  }

  /** Timers that have neither fired nor been cancelled. Zero at rest, or something leaks. */
  get pending(): number {
    return this.#pending;
  }

  now(): number {
    return this.#now;
  }

  schedule(ms: number, callback: () => void): () => void {
    const timer = {
      at: this.#now + (ms > 0 ? ms : 0),
      order: this.#order++,
      callback: callback as (() => void) | undefined,
    };
    this.#timers.push(timer);
    this.#pending += 1;
    return () => {
      if (timer.callback === undefined) return;
      timer.callback = undefined;
      this.#pending -= 1;
    };
  }

  /** Moves time on by `ms`, firing what falls due on the way and letting promises settle in between. */
  async advance(ms: number): Promise<void> {
    if (!(ms >= 0 && ms < Infinity)) throw new RangeError(`advance: ms must be at least 0 and finite, got ${ms}`);
    const until = this.#now + ms;
    await turn();
    while (this.#fireNext(until)) await turn();
    this.#now = Math.max(this.#now, until);
  }

  /**
   * Moves time from timer to timer until `work` is done, and hands on its result.
   * @throws Error when the work waits for something that no timer will bring
   */
  async run<T>(work: Promise<T> | (() => Promise<T>)): Promise<T> {
    let done = false;
    const result = (typeof work === 'function' ? work() : work).finally(() => (done = true));
    result.catch(() => undefined);
    for (let idle = 0; idle < IDLE_TURNS && !done; idle += 1) {
      await turn();
      while (!done && this.#fireNext(Infinity)) {
        idle = 0;
        await turn();
      }
    }
    if (!done) throw new Error('stuck: the work waits for something that is not on this clock');
    return result;
  }

  #fireNext(until: number): boolean {
    for (;;) {
      const timer = this.#timers.peek();
      // A timer at infinity never comes, so that `run` finds work that waits for it stuck.
      if (timer === undefined || timer.at > until || timer.at === Infinity) return false;
      this.#timers.pop();
      if (timer.callback === undefined) continue;
      this.#now = timer.at;
      this.#pending -= 1;
      const { callback } = timer;
      timer.callback = undefined;
      callback();
      return true;
    }
  }
}

/** Lets every promise that can settle do so. */
function turn(): Promise<void> {
  return new Promise((resolve) => afterPromises(resolve));
}

// Browsers have no setImmediate; a timer comes after all promises too, if later.
const afterPromises: (done: () => void) => unknown =
  typeof setImmediate === 'function' ? setImmediate : (done) => setTimeout(done, 0);
