import type { Clock } from '@x/core';
import type { Lease, LimitStore } from '@x/store';

export interface LeaseKeeperInit {
  readonly store: LimitStore;
  readonly clock: Clock;
  /** Milliseconds that a lease lives without being renewed. */
  readonly ttlMs: number;
}

/** Parts of its life after which a lease is renewed, so that one renewal may fail. */
const RENEWALS = 3;

/** Keeps the leases of requests in flight from expiring: one timer and one call for all of them. */
export class LeaseKeeper {
  readonly #init: LeaseKeeperInit;
  readonly #held = new Map<string, Lease>();
  #cancel: (() => void) | undefined;
  #closed = false;

  constructor(init: LeaseKeeperInit) {
    this.#init = init;
  }

  get size(): number {
    return this.#held.size;
  }

  holds(id: string): boolean {
    return this.#held.has(id);
  }

  add(lease: Lease): void {
    this.#held.set(lease.id, lease);
    if (this.#cancel === undefined && !this.#closed) this.#schedule();
  }

  delete(lease: Lease): void {
    this.#held.delete(lease.id);
  }

  /** Nothing is renewed any more. */
  close(): void {
    this.#closed = true;
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #schedule(): void {
    this.#cancel = this.#init.clock.schedule(this.#init.ttlMs / RENEWALS, this.#onTimer);
  }

  /** Stops when nothing is held: a process at rest has no timer of ours. */
  readonly #onTimer = (): void => {
    this.#cancel = undefined;
    if (this.#held.size === 0 || this.#closed) return;
    const { store, ttlMs } = this.#init;
    const oldEnough = store.now() - ttlMs / RENEWALS / 2;
    const leases = [...this.#held.values()].filter((lease) => lease.acquiredAt <= oldEnough);
    // Where it fails, the next one may not.
    if (leases.length > 0) Promise.resolve(store.renew(leases)).catch(() => undefined);
    this.#schedule();
  };
}
