import type { Limit } from './limit.ts';

/**
 * What a counter counts by: one per kind of window. Pure: times are arguments, in whole epoch milliseconds, and may step back, which
 * never brings room. Amounts are counted where they were taken, and corrected there.
 */
export interface Engine {
  /**
   * Milliseconds until `amount` fits: 0 where it fits now, Infinity where no waiting helps, since it is larger than the limit or
   * since what is counted does not go away by itself.
   */
  check(amount: number, limit: Limit, now: number): number;
  /** Counts an amount, whether it fits or not. Returns where: what {@link adjust} takes. */
  take(amount: number, limit: Limit, now: number): number;
  /** Corrects what was taken. Nothing happens where it does not count any more. */
  adjust(place: number, difference: number, now: number): void;
  /** Counts an amount that was taken at another time, before now, if it would still count. */
  add(amount: number, limit: Limit, at: number, now: number): void;
  /** What is counted now. */
  used(limit: Limit, now: number): number;
  /** Epoch milliseconds at which nothing is counted any more; undefined where time does not bring that. */
  resetsAt(limit: Limit, now: number): number | undefined;
}
