import type { Lane, PooledKey } from '../lane.ts';
import { NOTHING, type Cost } from './cost.ts';

/** One call on one lane: what it took, and what the lane had given out by then, so that its answer can be dated. */
export class Lease {
  readonly lane: Lane;
  readonly cost: Cost;
  /** Epoch milliseconds. */
  readonly sentAt: number;
  /** Counts the calls of a lane. */
  order = 0;
  /** What the lane had given out in all, without the calls that may have arrived after this one. */
  before: Cost = NOTHING;
  /** The same with all that was sent before it, and this call. */
  with: Cost = NOTHING;
  /** The same with those that may have arrived before it, once that is known. */
  after: Cost | undefined;
  /** Calls that were under way beside it when it was sent, in its room. */
  beside = 0;
  /** The provider did not admit it. */
  refused = false;
  /** Has been released. */
  released = false;

  constructor(lane: Lane, cost: Cost, now: number) {
    this.lane = lane;
    this.cost = cost;
    this.sentAt = now;
  }

  get key(): PooledKey {
    return this.lane.key;
  }
}
