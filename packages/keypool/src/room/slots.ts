import type { Lease } from './lease.ts';

/** Milliseconds without a refusal after which one more call is tried. */
const PROBE_MS = 15_000;

/** Part by which the bound grows then, and at least by one call. */
const PROBE_SHARE = 0.05;

/** How far one call moves what is known of their length. */
const STEP = 0.1;

/**
 * How many calls may be under way at the same time: as configured, and as learned from refusals that name it. No provider tells
 * it, but whoever was refused beside `n` other calls knows that `n` is the limit. Pure.
 */
export class Slots {
  readonly #configured: number;
  #learned = Infinity;
  #changedAt = 0;
  /** Whether all were taken since the bound last changed: a bound that is not reached need not grow. */
  #wasFull = false;
  #usualMs: number | undefined;
  #ended = 0;
  inFlight = 0;

  constructor(configured = Infinity) {
    this.#configured = configured;
  }

  /** Calls at the same time at most; Infinity while no bound is known. */
  get most(): number {
    return Math.min(this.#configured, this.#learned);
  }

  get isFull(): boolean {
    return this.inFlight >= this.most;
  }

  /** Milliseconds from the start of a call to its end, on average; undefined until one has ended. */
  get usualMs(): number | undefined {
    return this.#usualMs;
  }

  take(lease: Lease): void {
    this.inFlight += 1;
    lease.beside = this.inFlight - 1;
    if (this.isFull) this.#wasFull = true;
  }

  release(lease: Lease, now: number): void {
    this.inFlight -= 1;
    const tookMs = now - lease.sentAt;
    if (lease.refused || tookMs <= 0) return;
    this.#ended += 1;
    const usual = this.#usualMs ?? tookMs;
    this.#usualMs = usual + Math.max(STEP, 1 / this.#ended) * (tookMs - usual);
    if (this.#learned === Infinity || !this.#wasFull || now - this.#changedAt < PROBE_MS) return;
    this.#learned += Math.max(1, Math.floor(PROBE_SHARE * this.#learned));
    this.#changedAt = now;
    this.#wasFull = false;
  }

  /** Too many calls at the same time, a provider says. Those that are refused together agree on the least. */
  refused(lease: Lease, now: number): void {
    this.#learned = Math.max(1, Math.min(this.#learned, lease.beside));
    this.#changedAt = now;
    this.#wasFull = false;
  }
}
