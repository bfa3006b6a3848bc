import type { Engine } from './engine.ts';
import type { Limit } from './limit.ts';

/** Counts what was taken and is not yet refilled. What is taken beyond the burst, by a request that cost more, is owed. */
export class TokenBucket implements Engine {
  #missing = 0;
  #since = 0;
  /** What it was asked about last: how fast it refills. */
  #limit: Limit | undefined;

  check(amount: number, limit: Limit, now: number): number {
    this.#refill(limit, now);
    const excess = this.#missing + amount - burstOf(limit);
    if (excess <= 0) return 0;
    return amount > burstOf(limit) ? Infinity : timeFor(excess, limit);
  }

  take(amount: number, limit: Limit, now: number): number {
    this.#refill(limit, now);
    this.#missing += amount;
    return 0;
  }

  /** What has been refilled meanwhile is not given twice, and what was spent beyond the estimate is owed from now on. */
  adjust(_place: number, difference: number, now: number): void {
    if (this.#limit !== undefined) this.#refill(this.#limit, now);
    this.#missing = Math.max(0, this.#missing + difference);
  }

  add(amount: number, limit: Limit, at: number, now: number): void {
    this.take(Math.max(0, amount - refillIn(Math.max(0, now - at), limit)), limit, now);
  }

  used(limit: Limit, now: number): number {
    this.#refill(limit, now);
    return this.#missing;
  }

  resetsAt(limit: Limit, now: number): number | undefined {
    const missing = this.used(limit, now);
    if (missing === 0) return now;
    return limit.max === 0 ? undefined : now + timeFor(missing, limit);
  }

  #refill(limit: Limit, now: number): void {
    this.#limit = limit;
    if (now <= this.#since) return;
    this.#missing = Math.max(0, this.#missing - refillIn(now - this.#since, limit));
    this.#since = now;
  }
}

function burstOf({ window }: Limit): number {
  return window.type === 'bucket' ? window.burst : 0;
}

function refillIn(ms: number, { max, window }: Limit): number {
  return window.type === 'bucket' ? (ms * max) / window.ms : 0;
}

/** Milliseconds in which an amount is refilled. */
function timeFor(amount: number, { max, window }: Limit): number {
  return window.type === 'bucket' ? Math.ceil((amount * window.ms) / max) : Infinity;
}
