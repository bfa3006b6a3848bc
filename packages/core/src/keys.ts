import { contextKey } from './context.ts';
import type { Target } from './target.ts';

/** What authenticates an upstream call. The key pool puts it into the context; a provider adapter takes it out. */
export interface Credential {
  /** Unique in its pool; shown in logs and metrics. */
  readonly name: string;
  /** Secret. */
  readonly value: string;
}

export const CREDENTIAL = contextKey<Credential>('credential');

/**
 * Epoch milliseconds by which a wait for room must have ended. A layer that would have to wait longer rejects instead,
 * with the time in `retryAfterMs`, so that whoever is outside can ask someone else. Absent: the deadline alone counts.
 */
export const WAIT_UNTIL = contextKey<number>('wait-until');

/**
 * How many other targets of the request's chain may still be asked after this one. A layer that gives up on a silent target, or
 * that deals out the time to the deadline, reads it. `fallback` sets it. Absent: nobody knows of a chain, as with 0.
 */
export const TARGETS_LEFT = contextKey<number>('targets-left');

/** The targets of one request in the order of preference, the primary first. `route` puts it there, `fallback` goes through it. */
export const CHAIN = contextKey<readonly Target[]>('chain');

/** Who the request is made for. Where requests have to wait, tenants take turns. Absent: all are one tenant's. */
export const TENANT = contextKey<string>('tenant');

/** Among requests that wait, higher goes first, whatever the tenant. Whole numbers from -9 to 9. Absent: 0. */
export const PRIORITY = contextKey<number>('priority');

/**
 * The call finds out whether a target that was down is well again. One upstream call tells, so a layer that would repeat it does
 * not. A circuit breaker sets it. Absent: an ordinary call.
 */
export const PROBE = contextKey<true>('probe');

/**
 * The call must not be made again where it may have been carried out: it puts something where none was before, as the upload of a
 * file does. Refusals may be repeated, faults whose outcome nobody knows may not, and no second call is made beside the first.
 * Absent: making it twice does no harm but its price.
 */
export const ONCE = contextKey<true>('once');

/**
 * What the call is about belongs to one key of the provider, as a file does to the account that it was uploaded with. All such
 * calls get the same key: the first of the pool that may be used for them. Absent: any key will do.
 */
export const SAME_KEY = contextKey<true>('same-key');

/** What two calls that one request makes at the same time have to know of each other. */
export interface Siblings {
  /** Every key that one of them has been given. The key pool adds to it, and prefers others. */
  readonly keys: Set<Credential>;
  /** Part of a key's room, from 0 to 1, that must be left for the call to get it. 0 for a call that the request needs anyway. */
  readonly spareRoom: number;
}

/** Set by a layer that asks twice at once, such as hedging. Absent: the call is alone. */
export const SIBLINGS = contextKey<Siblings>('siblings');
