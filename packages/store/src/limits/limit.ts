/** What a limit counts. Cost is in nano-USD (1e-9 USD). */
export type Unit = 'requests' | 'tokens' | 'cost' | 'concurrent';

/** Over what a limit counts. */
export type Window =
  /** At most `max` in any stretch of `ms`, wherever it begins: no burst at a boundary. */
  | { readonly type: 'sliding'; readonly ms: number }
  /** A token bucket: holds `burst`, and gains `max` evenly over `ms`. */
  | { readonly type: 'bucket'; readonly ms: number; readonly burst: number }
  /** At most `max` in each period of the calendar, as it is where the time zone is. */
  | { readonly type: 'calendar'; readonly period: CalendarPeriod; readonly timeZone: string }
  /** Never begins anew. */
  | { readonly type: 'forever' }
  /** What is held at this moment: given back when it is settled. For `concurrent`. */
  | { readonly type: 'held' };

export type CalendarPeriod = 'minute' | 'hour' | 'day' | 'week' | 'month' | 'quarter' | 'year';

/** One limit on one counter. */
export interface Limit {
  /** Names the counter. Stable: what was counted under it stays counted when `max` changes. */
  readonly id: string;
  readonly unit: Unit;
  readonly max: number;
  readonly window: Window;
  /**
   * Whether the ledger knows what was counted. Such a counter takes nothing before {@link LimitStore.seed} has told it, so that
   * no restart, of this process or of the store, forgets what was spent.
   */
  readonly seeded: boolean;
}

/** What a request takes of each unit. One `concurrent` is held by every lease. */
export interface Demand {
  readonly requests: number;
  readonly tokens: number;
  /** Nano-USD. */
  readonly cost: number;
}

/** A limit and where it stands. */
export interface LimitState {
  readonly limit: Limit;
  /** Spent and reserved together. */
  readonly used: number;
  /** Epoch milliseconds at which all of it will be there again, if nothing more is taken. Undefined for never and for `held`. */
  readonly resetsAt: number | undefined;
}
