/** Something that fills with time and is used up by requests. Times are epoch milliseconds, given by the caller. */
export interface Meter {
  /** The most it ever holds. */
  readonly capacity: number;
  /** What it holds now. Negative after more was taken than it held. */
  level(now: number): number;
  /** Milliseconds until `amount` can be taken. An amount above the capacity waits for a full meter. */
  timeUntil(amount: number, now: number): number;
  /** Milliseconds until it holds its capacity, if nothing more is taken. */
  timeToFull(now: number): number;
  /** Takes without asking, into debt if need be. A negative amount gives back, never beyond the capacity. */
  take(amount: number, now: number): void;
}
