import { abortReason, type Clock, type PipelineError } from '@x/core';
import { IndexedHeap, type HeapItem } from '../choice/indexed-heap.ts';
import type { LaneGroup } from '../choice/lane-group.ts';
import type { Cost } from '../room/cost.ts';
import type { Lease } from '../room/lease.ts';
import { FairQueue, type Ticket } from './fair-queue.ts';

/** Who wants a lane, and until when. */
export interface WaitAsk {
  readonly group: LaneGroup;
  readonly cost: Cost;
  readonly tenant: string;
  readonly priority: number;
  /** Epoch milliseconds at which the wait must have ended. */
  readonly until: number;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

interface Waiter extends HeapItem {
  readonly until: number;
  readonly group: LaneGroup;
  /** Out of its queue. */
  leave(): void;
  settle(lease: Lease | undefined, error?: PipelineError): void;
}

export interface WaitingRoomOptions {
  /** Requests that wait at most. */
  readonly maxWaiting: number;
  /** A lane for the cost, already taken, or undefined. */
  readonly take: (group: LaneGroup, cost: Cost, now: number) => Lease | undefined;
  /** What to reject with. `waitMs`: when there would have been room, if that is known. */
  readonly refuse: (group: LaneGroup, now: number, waitMs: number | undefined) => PipelineError;
}

/** Milliseconds: the shortest time for which the timer is set, so that rounding makes no busy loop. */
const SHORTEST_MS = 0.5;

/**
 * Where requests wait for room: one fair queue for each model, one bound and one timer for the pool. They are let out one by
 * one, as room appears.
 */
export class WaitingRoom {
  readonly #options: WaitingRoomOptions;
  readonly #queues = new Map<LaneGroup, FairQueue<Waiter>>();
  readonly #expiring = new IndexedHeap<Waiter>((a, b) => a.until < b.until);
  #clock: Clock | undefined;
  #timer: { readonly at: number; readonly cancel: () => void } | undefined;

  constructor(options: WaitingRoomOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#expiring.size;
  }

  waitingFor(group: LaneGroup): number {
    return this.#queues.get(group)?.size ?? 0;
  }

  /** Milliseconds until a request that comes now would be let out, about. */
  expectedWait(
    { group, cost, tenant, priority }: Pick<WaitAsk, 'group' | 'cost' | 'tenant' | 'priority'>,
    now: number,
  ): number {
    const queue = this.#queues.get(group);
    if (queue === undefined) return group.expectedIn(cost, now);
    return group.forecast.timeFor({ ahead: queue.ahead(tenant, priority), cost }, now);
  }

  /**
   * Waits for a lane.
   * @throws PipelineError at once when it cannot be had in time or too many wait already, and `cancelled` on an abort
   */
  enter(ask: WaitAsk): Promise<Lease> {
    const { group, clock, signal } = ask;
    if (signal.aborted) return Promise.reject(abortReason(signal));
    const now = clock.now();
    const waitMs = this.expectedWait(ask, now);
    if (now + waitMs > ask.until) return Promise.reject(this.#options.refuse(group, now, waitMs));
    if (this.size >= this.#options.maxWaiting && !this.#makePlace(ask, now)) {
      return Promise.reject(this.#options.refuse(group, now, waitMs));
    }
    return new Promise<Lease>((resolve, reject) => {
      this.#clock = clock;
      const queue = this.#queueOf(group);
      const onAbort = () => {
        this.#leave(ticket);
        reject(abortReason(signal));
        this.#arm();
      };
      const ticket: Ticket<Waiter> = queue.push(ask, {
        until: ask.until,
        heapIndex: -1,
        leave: () => this.#leave(ticket),
        group,
        settle: (lease, error) => {
          signal.removeEventListener('abort', onAbort);
          if (lease === undefined) reject(error as PipelineError);
          else resolve(lease);
        },
      });
      this.#expiring.push(ticket.value);
      signal.addEventListener('abort', onAbort, { once: true });
      this.roomChanged(group, now);
    });
  }

  /** Lets out whoever has room now. */
  roomChanged(group: LaneGroup, now: number): void {
    const queue = this.#queues.get(group);
    if (queue === undefined) return;
    for (let ticket = queue.peek(); ticket !== undefined; ticket = queue.peek()) {
      const lease = this.#options.take(group, ticket.cost, now);
      if (lease === undefined) break;
      queue.serve(ticket);
      this.#left(ticket, queue);
      ticket.value.settle(lease);
    }
    this.#arm();
  }

  #queueOf(group: LaneGroup): FairQueue<Waiter> {
    let queue = this.#queues.get(group);
    if (queue === undefined) {
      queue = new FairQueue<Waiter>();
      this.#queues.set(group, queue);
    }
    return queue;
  }

  #leave(ticket: Ticket<Waiter>): void {
    const queue = this.#queues.get(ticket.value.group);
    if (queue === undefined) return;
    queue.remove(ticket);
    this.#left(ticket, queue);
  }

  #left({ value }: Ticket<Waiter>, queue: FairQueue<Waiter>): void {
    this.#expiring.remove(value);
    if (queue.size === 0) this.#queues.delete(value.group);
  }

  #makePlace({ group, tenant, priority }: WaitAsk, now: number): boolean {
    const victim = this.#queues.get(group)?.victim(tenant, priority);
    if (victim === undefined) return false;
    this.#leave(victim);
    victim.value.settle(undefined, this.#options.refuse(group, now, this.expectedWait({ ...victim, group }, now)));
    return true;
  }

  /** Sets the one timer for the next moment at which somebody has room or has waited long enough. */
  #arm(): void {
    const clock = this.#clock;
    if (clock === undefined) return;
    const now = clock.now();
    let at = this.#expiring.peek()?.until ?? Infinity;
    for (const [group, queue] of this.#queues) {
      const head = queue.peek();
      if (head !== undefined) at = Math.min(at, now + group.looksAgainIn(head.cost, now));
    }
    if (at === this.#timer?.at) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    if (at === Infinity) return;
    this.#timer = { at, cancel: clock.schedule(Math.max(SHORTEST_MS, at - now), () => this.#ring()) };
  }

  #ring(): void {
    this.#timer = undefined;
    const now = (this.#clock as Clock).now();
    for (const group of this.#queues.keys()) {
      group.reconsiderAll(now);
      this.roomChanged(group, now);
    }
    for (let late = this.#expiring.peek(); late !== undefined && late.until <= now; late = this.#expiring.peek()) {
      late.leave();
      late.settle(undefined, this.#options.refuse(late.group, now, undefined));
    }
    this.#arm();
  }
}
