import { checkPrefix, DEFAULT_PREFIX, type RedisLimitStoreOptions } from './options.ts';
import { script } from './scripts.ts';

/** Something that lasts for a while, for all processes. */
export interface Deadline {
  /** What it is about. */
  readonly name: string;
  /** Milliseconds that are left of it. */
  readonly forMs: number;
}

/** Deadlines that processes tell each other of: of two with one name the later holds. */
export interface SharedDeadlines {
  /**
   * Tells of some, and resolves to all that have not passed, the soonest first, at most a thousand. One round trip, by the server's
   * clock, so the clocks of the processes need not agree.
   */
  exchange(own: readonly Deadline[]): Promise<readonly Deadline[]>;
}

// GT: never an earlier one in the place of a later one.
const EXCHANGE = script(`
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
for i = 1, #ARGV, 2 do redis.call('ZADD', KEYS[1], 'GT', now + ARGV[i + 1], ARGV[i]) end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
local rows = redis.call('ZRANGE', KEYS[1], 0, 999, 'WITHSCORES')
for i = 2, #rows, 2 do rows[i] = string.format('%d', rows[i] - now) end
return rows
`);

/** @throws TypeError for a prefix that makes no sense */
export function createSharedDeadlines(
  { client, prefix = DEFAULT_PREFIX }: Omit<RedisLimitStoreOptions, 'clock'>,
  name: string,
): SharedDeadlines {
  checkPrefix(prefix);
  const keys = [`${prefix}{${name}}`];
  return {
    async exchange(own) {
      const args = own.flatMap((deadline) => [deadline.name, String(Math.ceil(deadline.forMs))]);
      const rows = await client
        .evalsha(EXCHANGE.sha1, keys, args)
        .catch((error: unknown) =>
          error instanceof Error && error.message.startsWith('NOSCRIPT')
            ? client.eval(EXCHANGE.text, keys, args)
            : Promise.reject(error),
        );
      return readRows(rows);
    },
  };
}

function readRows(rows: unknown): Deadline[] {
  if (!Array.isArray(rows)) throw new TypeError(`the script answered ${typeof rows}`);
  const deadlines: Deadline[] = [];
  for (let at = 0; at + 1 < rows.length; at += 2) {
    deadlines.push({ name: String(rows[at]), forMs: Number(rows[at + 1]) });
  }
  return deadlines;
}
