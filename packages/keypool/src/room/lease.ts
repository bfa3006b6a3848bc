import type { Lane, PooledKey } from '../lane.ts';
import type { Cost } from './cost.ts';

/** One call on one lane: what it took, and what the lane had given out by then, so that its answer can be dated. */
export class Lease {
  readonly lane: Lane;
  readonly cost: Cost;
  /** Epoch milliseconds. */
  readonly sentAt: number;
  /** Counts the calls of a lane. */
  readonly order: number;
  /** What the lane had given out in all, this call included. */
  readonly requests: number;
  readonly tokens: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Has been released. */
  released = false;

  constructor(lane: Lane, cost: Cost, now: number) {
    const { room } = lane;
    this.lane = lane;
    this.cost = cost;
    this.sentAt = now;
    this.order = room.order;
    this.requests = room.requests;
    this.tokens = room.tokens;
    this.inputTokens = room.inputTokens;
    this.outputTokens = room.outputTokens;
  }

  get key(): PooledKey {
    return this.lane.key;
  }
}
