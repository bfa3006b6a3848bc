import type { Clock } from '@x/core';

export interface MemoryLimitStoreOptions {
  /** What the counters go by. @default systemClock */
  readonly clock?: Pick<Clock, 'now'>;
}
