import type { Engine } from './engine.ts';
import type { Limit } from './limit.ts';

/** Counts what was taken and is not yet refilled. What is taken beyond the burst, by a request that cost more, is owed. */
export class TokenBucket implements Engine {
  #missing = 0;
  #since = 0;

  check(amount: number, limit: Limit, now: number): number {
    this.#refill(limit, now);
    const excess = this.#missing + amount - burstOf(limit);
    if (excess <= 0) return 0;
    return amount > burstOf(limit) ? Infinity : Math.ceil(excess / perMs(limit));
  }

  take(amount: number, limit: Limit, now: number): number {
    this.#refill(limit, now);
    this.#missing += amount;
    return 0;
  }

  /** What has been refilled meanwhile is not given twice. */
  adjust(_place: number, difference: number): void {
    this.#missing = Math.max(0, this.#missing + difference);
  }

  add(amount: number, limit: Limit, at: number, now: number): void {
    this.take(Math.max(0, amount - Math.max(0, now - at) * perMs(limit)), limit, now);
  }

  used(limit: Limit, now: number): number {
    this.#refill(limit, now);
    return this.#missing;
  }

  resetsAt(limit: Limit, now: number): number | undefined {
    const missing = this.used(limit, now);
    if (missing === 0) return now;
    return limit.max === 0 ? undefined : now + Math.ceil(missing / perMs(limit));
  }

  #refill(limit: Limit, now: number): void {
    if (now <= this.#since) return;
    this.#missing = Math.max(0, this.#missing - (now - this.#since) * perMs(limit));
    this.#since = now;
  }
}

function burstOf({ window }: Limit): number {
  return window.type === 'bucket' ? window.burst : 0;
}

function perMs({ max, window }: Limit): number {
  return window.type === 'bucket' ? max / window.ms : 0;
}
