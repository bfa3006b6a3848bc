import type { ResetFormat } from '@x/core';
import type { Dimension } from '../room/cost.ts';

export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;

/** One limit as a provider tells it on its answers. Names of headers in lower case. */
export interface LimitHeader {
  readonly dimension: Dimension;
  /** `minute-or-day`: the time of the reset tells. A month is a counter that somebody else resets: only its end is noted. */
  readonly window: 'second' | 'minute' | '5-minutes' | 'day' | 'month' | 'minute-or-day';
  /** Absent where the provider does not tell its limit: the most that ever remained stands for it. */
  readonly limit?: string;
  readonly remaining: string;
  readonly reset?: string;
  /** How the reset is written. */
  readonly format?: ResetFormat;
  /**
   * `full`: the moment at which the limit is whole again, if nothing more is sent. `window`: the end of a counted window, at
   * which everything comes back at once. @default 'full'
   */
  readonly resets?: 'full' | 'window';
  /** To how many units `remaining` is rounded. @default 1 */
  readonly grain?: number;
  /** To how many milliseconds the reset is rounded up. @default 0 */
  readonly resetGrainMs?: number;
}

/** What a provider charges when a request arrives: table 1.8 of its kind in docs/limits.md. */
export type ChargeStyle = 'requests' | 'max' | 'sum' | 'input' | 'input-live' | 'reserve' | 'slot';

/** How one provider tells its limits and charges requests. Data only. */
export interface LimitProfile {
  readonly headers: readonly LimitHeader[];
  readonly charge: ChargeStyle;
}
