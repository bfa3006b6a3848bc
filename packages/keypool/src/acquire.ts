import {
  PipelineError,
  systemClock,
  toPipelineError,
  type Clock,
  type Credential,
  type HttpHeaders,
  type Usage,
} from '@x/core';
import type { KeyPool } from './key-pool.ts';
import { ONE_REQUEST, type Cost } from './room/cost.ts';
import type { Lease } from './room/lease.ts';

export interface AcquireOptions {
  /** What the key is for: keys with a list of models serve only those, and each model has limits of its own. @default '*' */
  readonly model?: string | undefined;
  /** Ends the wait. */
  readonly signal?: AbortSignal | undefined;
  /** @default systemClock */
  readonly clock?: Clock | undefined;
  /** Milliseconds to wait for room at most; 0 for no wait. @default the pool's `maxWaitMs` */
  readonly maxWaitMs?: number | undefined;
  /** Who it is for: those who wait take turns by tenant. @default all are one tenant's */
  readonly tenant?: string | undefined;
  /** Higher goes first among those who wait. @default 0 */
  readonly priority?: number | undefined;
}

/** How a call went. */
export interface LeaseOutcome {
  /** Headers of the answer, whatever its status: limits are learned from them. */
  readonly headers?: HttpHeaders | undefined;
  /** Tokens that were counted. */
  readonly usage?: Usage | undefined;
  /** What the call failed with. A `PipelineError` says by its kind what follows for the key. @default it went well */
  readonly error?: unknown;
}

/** A key for one call. Settle it once, however the call went. */
export interface KeyLease {
  readonly key: Credential;
  /** More than once does no harm: the first counts. */
  settle(outcome?: LeaseOutcome): void;
}

const NEVER = new AbortController().signal;

/**
 * A key with room for the cost, as soon as there is one.
 * @throws PipelineError `pool_exhausted` at once when there will be none in time, with the time in `retryAfterMs`
 */
export async function acquire(
  pool: KeyPool,
  cost: Partial<Cost> = {},
  options: AcquireOptions = {},
): Promise<KeyLease> {
  const { model = '*', signal = NEVER, clock = systemClock, tenant = '', priority = 0 } = options;
  const whole = { ...ONE_REQUEST, ...cost };
  checkCost(whole);
  const now = clock.now();
  const { maxWaitMs = pool.maxWaitMs } = options;
  const held =
    (signal.aborted ? undefined : pool.take(model, now, { cost: whole })) ??
    (await pool.wait(model, { cost: whole, tenant, priority, until: now + maxWaitMs, signal, clock }));
  return { key: held.key.credential, settle: (outcome = {}) => settle(pool, held, { ...outcome, now: clock.now() }) };
}

function settle(pool: KeyPool, held: Lease, outcome: LeaseOutcome & { readonly now: number }): void {
  if (held.released) return;
  const { headers, usage, error, now } = outcome;
  if (error === undefined) {
    pool.succeeded(held, { latencyMs: now - held.sentAt }, now);
    if (headers !== undefined) pool.observe(held, headers, now);
  } else {
    pool.failed(held, withHeaders(toPipelineError(error), headers), now, held.sentAt);
  }
  if (usage !== undefined) pool.settle(held, usage, now);
  pool.release(held, now);
}

/** The headers stand in the error where an adapter made it; here they may come beside it. */
function withHeaders(error: PipelineError, headers: HttpHeaders | undefined): PipelineError {
  if (headers === undefined || error.upstream !== undefined) return error;
  const { kind, message, code, retryAfterMs } = error;
  return new PipelineError(kind, message, { code, retryAfterMs, upstream: { status: 0, headers }, cause: error });
}

function checkCost(cost: Cost): void {
  for (const [name, value] of Object.entries(cost)) {
    if (typeof value !== 'number' || !(value >= 0 && value < Infinity)) {
      throw new RangeError(`keypool: cost.${name} must be a finite number of at least 0, got ${String(value)}`);
    }
  }
}
