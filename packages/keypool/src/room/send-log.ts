import { addCost, NOTHING, type Cost, type Dimension } from './cost.ts';
import type { Lease } from './lease.ts';

/**
 * Milliseconds by which calls may overtake each other on their way to a provider: two that were sent closer together may arrive in
 * either order. A new connection takes two or three times as long as an open one, some 50 ms to most providers.
 */
export const TRANSIT_MS = 100;

/** Refused calls that are remembered. */
const MOST_REFUSED = 64;

/** What a lane has given out, call by call, so that the header of an answer can be dated by the call that it answers. Pure. */
export class SendLog {
  /** In all. Output tokens count when they have been generated, the rest when it is sent. */
  #totals: Cost = NOTHING;
  /** Those sent within {@link TRANSIT_MS}, first to last from `#first` on. */
  #recent: Lease[] = [];
  #first = 0;
  readonly #refused: Lease[] = [];
  #sent = 0;

  /** Dates a call that is sent now. */
  sent(lease: Lease): void {
    this.#settleRecent(lease.sentAt);
    const { requests, tokens, inputTokens } = lease.cost;
    lease.before = this.#recent[this.#first]?.before ?? this.#totals;
    this.#totals = addCost(this.#totals, { requests, tokens, inputTokens, outputTokens: 0 }, 1);
    lease.with = this.#totals;
    this.#sent += 1;
    lease.order = this.#sent;
    this.#recent.push(lease);
  }

  generated(outputTokens: number, now: number): void {
    this.#settleRecent(now);
    this.#totals = { ...this.#totals, outputTokens: this.#totals.outputTokens + outputTokens };
  }

  /** The provider did not admit it, so it took nothing. */
  refused(lease: Lease): void {
    lease.refused = true;
    this.#refused.push(lease);
    if (this.#refused.length > MOST_REFUSED) this.#refused.shift();
  }

  /** What the provider may not have counted yet when it answered the call: all that was sent after it or at about the same time. */
  mostAfter(lease: Lease, dimension: Dimension, now: number): number {
    this.#settleRecent(now);
    const own = dimension === 'outputTokens' ? 0 : lease.cost[dimension];
    const sent = this.#totals[dimension] - lease.before[dimension] - own;
    return sent - this.#refusedSince(lease.sentAt - TRANSIT_MS, dimension, lease);
  }

  /** What it surely had not counted: all that was sent well after it. */
  leastAfter(lease: Lease, dimension: Dimension, now: number): number {
    this.#settleRecent(now);
    const sent = this.#totals[dimension] - (lease.after ?? this.#totals)[dimension];
    return sent - this.#refusedSince(lease.sentAt + TRANSIT_MS, dimension, lease);
  }

  /** What was taken by the calls after one until another, by the order in which they were sent. */
  between(from: Lease, until: Lease, dimension: Dimension): number {
    let sum = until.with[dimension] - from.with[dimension];
    for (const { order, cost } of this.#refused) {
      if (dimension !== 'outputTokens' && order > from.order && order <= until.order) sum -= cost[dimension];
    }
    return sum;
  }

  /** What was sent at about the same time as the call. */
  unclear({ before, after = this.#totals, cost }: Lease, dimension: Dimension): number {
    return after[dimension] - before[dimension] - (dimension === 'outputTokens' ? 0 : cost[dimension]);
  }

  #refusedSince(at: number, dimension: Dimension, but: Lease): number {
    let sum = 0;
    if (dimension === 'outputTokens') return sum;
    for (const lease of this.#refused) if (lease.sentAt >= at && lease !== but) sum += lease.cost[dimension];
    return sum;
  }

  /** Nothing that is sent from now on can have overtaken those that are older. */
  #settleRecent(now: number): void {
    const recent = this.#recent;
    for (let lease = recent[this.#first]; lease !== undefined; lease = recent[this.#first]) {
      if (now - lease.sentAt <= TRANSIT_MS) return;
      lease.after = this.#totals;
      this.#first += 1;
    }
    recent.length = 0;
    this.#first = 0;
  }
}
