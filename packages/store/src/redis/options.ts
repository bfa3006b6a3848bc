import type { Clock } from '@x/core';
import type { RedisScripting } from './redis-client.ts';

export interface RedisLimitStoreOptions {
  /** See `fromNodeRedis` and `fromIoredis`. */
  readonly client: RedisScripting;
  /** What all keys begin with. Without braces: they would make it the hash tag. @default 'x:limits:' */
  readonly prefix?: string;
  /** Measures how far the server's clock is from this one. @default systemClock */
  readonly clock?: Pick<Clock, 'now'>;
}

export const DEFAULT_PREFIX = 'x:limits:';

/** @throws TypeError for a prefix that would scatter the keys of a root, or tear a line */
export function checkPrefix(prefix: string): void {
  if (/[{}\r\n]/.test(prefix))
    throw new TypeError(`prefix must be one line without braces, got ${JSON.stringify(prefix)}`);
}
