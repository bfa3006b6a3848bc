import { LeaseQueue } from './lease-queue.ts';
import type { MemoryLease } from './memory-lease.ts';

/** Expired leases that one demand is told of at most. The rest is for the next one. */
const TOLD_AT_ONCE = 100;

/** Leases of all roots that are not settled. */
export class LeaseTable {
  readonly #queues = new Map<number, LeaseQueue>();
  /** Expired leases that nobody was told of, by root. */
  readonly #untold = new Map<string, Set<MemoryLease>>();

  add(lease: MemoryLease, now: number): void {
    this.#queueOf(lease).add(lease, now);
  }

  touch(lease: MemoryLease, now: number): void {
    this.#queueOf(lease).touch(lease, now);
    this.#forget(lease);
  }

  delete(lease: MemoryLease): void {
    const { leases } = this.#queueOf(lease);
    if (leases.get(lease.id) === lease) leases.delete(lease.id);
    this.#forget(lease);
  }

  find(root: string, id: string): MemoryLease | undefined {
    for (const { leases } of this.#queues.values()) {
      const lease = leases.get(id);
      if (lease?.group.root === root) return lease;
    }
    return undefined;
  }

  list(root: string): MemoryLease[] {
    return [...this.#queues.values()].flatMap(({ leases }) =>
      [...leases.values()].filter((lease) => lease.group.root === root),
    );
  }

  /** Leases of a root whose time is up. One that nobody settles is told of again after another of its times to live. */
  expired(root: string, now: number): readonly string[] {
    for (const queue of this.#queues.values()) {
      for (const lease of queue.due(now)) this.#remember(lease);
    }
    const untold = this.#untold.size === 0 ? undefined : this.#untold.get(root);
    if (untold === undefined) return NONE;
    const told = [...untold].slice(0, TOLD_AT_ONCE);
    for (const lease of told) this.#forget(lease);
    return told.map((lease) => lease.id);
  }

  #queueOf({ ttlMs }: MemoryLease): LeaseQueue {
    let queue = this.#queues.get(ttlMs);
    if (queue === undefined) this.#queues.set(ttlMs, (queue = new LeaseQueue(ttlMs)));
    return queue;
  }

  #remember(lease: MemoryLease): void {
    const { root } = lease.group;
    const untold = this.#untold.get(root) ?? new Set();
    this.#untold.set(root, untold.add(lease));
  }

  #forget(lease: MemoryLease): void {
    if (this.#untold.size === 0) return;
    const untold = this.#untold.get(lease.group.root);
    untold?.delete(lease);
    if (untold?.size === 0) this.#untold.delete(lease.group.root);
  }
}

const NONE: readonly string[] = [];
