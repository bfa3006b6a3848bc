import { randomBytes } from 'node:crypto';
import { createClock, type Clock } from '@x/core';
import { seededRandom } from '@x/core/testing';

/** Turns of the event loop in which no socket said anything, after which nothing is on its way any more. */
const QUIET_TURNS = 24;

/** Milliseconds: jumps by which something on its way could be missed that takes more than turns of the event loop. */
const LONG_JUMP_MS = 1_000;

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/**
 * Virtual time beside real sockets: time stands still as long as anything is on its way through the machine, and goes on to the next
 * timer when all is quiet. So an hour of silence takes no time, and a byte that has been sent always arrives before a timer fires.
 */
export class SocketClock implements Clock {
  readonly random: () => number;
  readonly sleep: Clock['sleep'];
  readonly #timers = new Set<Timer>();
  #now = Date.UTC(2026, 0, 1);

  constructor(seed = 1) {
    this.random = seededRandom(seed);
    const schedule = (ms: number, callback: () => void) => this.schedule(ms, callback);
    this.sleep = createClock({ now: () => this.#now, random: this.random, schedule }).sleep;
  }

  now(): number {
    return this.#now;
  }

  schedule(ms: number, callback: () => void): () => void {
    const timer = { at: this.#now + (ms > 0 ? ms : 0), callback };
    this.#timers.add(timer);
    return () => void this.#timers.delete(timer);
  }

  /** Timers that have neither fired nor been cancelled. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Until nothing is on its way. */
  async quiet(): Promise<void> {
    let events = socketEvents();
    for (let idle = 0; idle < QUIET_TURNS; idle += 1) {
      await turn();
      const now = socketEvents();
      if (now !== events) idle = 0;
      events = now;
    }
  }

  /**
   * Moves time on, quietly, until `work` is done.
   * @throws Error when it would take longer than `limitMs`, so that a hang is a failure and not a hang
   */
  async run<T>(work: Promise<T>, limitMs = 900_000): Promise<T> {
    let done = false;
    const result = work.finally(() => (done = true));
    result.catch(() => undefined);
    const limit = this.#now + limitMs;
    for (;;) {
      await this.quiet();
      if (done) return result;
      if (this.#next() - this.#now >= LONG_JUMP_MS) await threadPool();
      if (done) return result;
      if (!this.#fireNext(limit)) throw new Error(`hangs: nothing came in ${limitMs / 1_000} s`);
    }
  }

  /** Moves time on by `ms`, quietly. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    do await this.quiet();
    while (this.#fireNext(until));
    this.#now = until;
  }

  /** When the next timer is due. */
  #next(): number {
    let at = Infinity;
    for (const timer of this.#timers) at = Math.min(at, timer.at);
    return at;
  }

  #fireNext(until: number): boolean {
    let next: Timer | undefined;
    // A set keeps the order of insertion, so that of two timers of one moment the older fires first.
    for (const timer of this.#timers) if (next === undefined || timer.at < next.at) next = timer;
    if (next === undefined || !(next.at <= until)) return false;
    this.#timers.delete(next);
    this.#now = next.at;
    next.callback();
    return true;
  }
}

/** How often the event loop was told of something, by sockets in the main. Timers and immediates do not count. */
function socketEvents(): number {
  return performance.nodeTiming.uvMetricsInfo.events;
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Until the threads beside the event loop are done with what they were given, such as a body to unpack: rounds behind it in their queue. */
async function threadPool(): Promise<void> {
  for (let round = 0; round < 3; round += 1) {
    await Promise.all(Array.from({ length: 4 }, () => new Promise<void>((resolve) => randomBytes(1, () => resolve()))));
  }
  await turn();
  await turn();
}
