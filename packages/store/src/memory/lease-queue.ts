import type { MemoryLease } from './memory-lease.ts';

/** Leases with one time to live, in the order in which they are due: the one that was touched first is due first. */
export class LeaseQueue {
  readonly leases = new Map<string, MemoryLease>();
  readonly #ttlMs: number;
  /** No lease is due before. A map is slow to tell its first entry after many were deleted, so it is asked no sooner. */
  #nextDueAt = Infinity;

  constructor(ttlMs: number) {
    this.#ttlMs = ttlMs;
  }

  add(lease: MemoryLease, now: number): void {
    this.leases.set(lease.id, lease);
    lease.dueAt = now + this.#ttlMs;
    this.#nextDueAt = Math.min(this.#nextDueAt, lease.dueAt);
  }

  /** Puts a lease at the end. */
  touch(lease: MemoryLease, now: number): void {
    this.leases.delete(lease.id);
    this.add(lease, now);
  }

  /** Leases that are due now. They will be due again, if they are still there then. */
  due(now: number): readonly MemoryLease[] {
    if (now < this.#nextDueAt) return NONE;
    const due: MemoryLease[] = [];
    this.#nextDueAt = Infinity;
    for (const lease of this.leases.values()) {
      if (lease.dueAt > now) {
        this.#nextDueAt = lease.dueAt;
        break;
      }
      due.push(lease);
    }
    for (const lease of due) this.touch(lease, now);
    return due;
  }
}

const NONE: readonly MemoryLease[] = [];
