import {
  CREDENTIAL,
  described,
  isSettleable,
  PipelineError,
  policyOf,
  requestSizeOf,
  SIBLINGS,
  throwIfAborted,
  toPipelineError,
  type Context,
  type Handler,
  type Settlement,
  type Targeted,
} from '@x/core';
import { answerOf } from './answer.ts';
import type { KeyPool } from './key-pool.ts';
import type { Lane } from './lane.ts';
import { parseScope, scopeOf } from './scope.ts';
import type { Cost } from './room/cost.ts';
import type { Lease } from './room/lease.ts';
import { waitForLane } from './wait-for-lane.ts';

export interface KeypoolOptions {
  /** The pool of each provider by its name. A provider without one is called without a key. */
  readonly pools: Readonly<Record<string, KeyPool>>;
}

/**
 * Gives each call a key from its provider's pool that has room for it. Where none has, the call waits its turn in the pool, as
 * long as it may. When the fault is the key's own (no room, no money, dead, not allowed), another key is asked at once: that is
 * no retry, and is bounded by the number of keys.
 */
export function keypool(
  options: KeypoolOptions,
): <Req extends Targeted, Res>(next: Handler<Req, Res>) => Handler<Req, Res> {
  const pools = checkedPools(options);
  const layer = <Req extends Targeted, Res>(next: Handler<Req, Res>): Handler<Req, Res> =>
    function keypool(request: Req, context: Context): Promise<Res> {
      const pool = pools.get(request.target.provider);
      return pool === undefined ? next(request, context) : rotate(pool, next, request, context);
    };
  return described(layer, {
    name: 'keypool',
    options: { pools: Object.fromEntries([...pools].map(([name, pool]) => [name, pool.options])) },
    repeats: 'key',
    gives: [...pools.keys()].map((name) => `credential:${name}`),
  });
}

/** @throws TypeError that names the option */
function checkedPools({ pools }: KeypoolOptions): ReadonlyMap<string, KeyPool> {
  if (typeof pools !== 'object' || pools === null) {
    throw new TypeError(`keypool: pools must be an object of pools by provider, got ${String(pools)}`);
  }
  for (const [name, pool] of Object.entries(pools)) {
    if (typeof (pool as Partial<KeyPool> | undefined)?.take === 'function') continue;
    throw new TypeError(`keypool: pools[${JSON.stringify(name)}] must be a pool, as createPool() makes it`);
  }
  return new Map(Object.entries(pools));
}

async function rotate<Req extends Targeted, Res>(
  pool: KeyPool,
  next: Handler<Req, Res>,
  request: Req,
  context: Context,
): Promise<Res> {
  const model = scopeOf(request, context);
  const { clock, signal } = context;
  const cost = costOf(pool, request, model);
  const siblings = context.get(SIBLINGS);
  let tried: Lane[] | undefined;
  let last: PipelineError | undefined;
  for (;;) {
    throwIfAborted(signal);
    const now = clock.now();
    let lease = pool.take(model, now, { cost, tried, siblings });
    if (lease === undefined) {
      if (last !== undefined) throw exhausted(pool, model, last, now);
      if (siblings !== undefined && siblings.spareRoom > 0) throw noneToSpare(pool, model);
      lease = await waitForLane(pool, model, { cost, context });
      if (signal.aborted) pool.cancelled(lease, clock.now());
      throwIfAborted(signal);
    }
    const held = lease;
    const began = held.sentAt;
    siblings?.keys.add(held.key.credential);
    try {
      const response = await next(request, context.with({}, CREDENTIAL.of(held.key.credential)));
      const arrived = clock.now();
      const { headers } = answerOf(response);
      pool.succeeded(held, { latencyMs: arrived - began }, arrived);
      if (headers !== undefined) pool.observe(held, headers, arrived);
      if (isSettleable(response))
        response.onSettled(({ outcome }) => settle(pool, held, { response, outcome }, clock.now()));
      else settle(pool, held, { response, outcome: 'completed' }, arrived);
      return response;
    } catch (thrown) {
      const failedAt = clock.now();
      last = toPipelineError(thrown);
      pool.failed(held, last, failedAt, began);
      pool.release(held, failedAt);
      if (policyOf(last.kind).otherKey !== 'at-once') throw thrown;
      (tried ??= []).push(held.lane);
    }
  }
}

function settle(
  pool: KeyPool,
  held: Lease,
  { response, outcome }: { readonly response: unknown; readonly outcome: Settlement['outcome'] },
  now: number,
): void {
  const { usage } = answerOf(response);
  if (usage !== undefined) pool.settle(held, usage, now);
  if (outcome === 'failed') pool.broke(held, now);
  pool.release(held, now);
}

/** Says no time: a call that the request can do without is not to come back for room. */
function noneToSpare(pool: KeyPool, model: string): PipelineError {
  return new PipelineError(
    'pool_exhausted',
    `no key of ${pool.name} has room to spare for ${parseScope(model).model}`,
    {
      code: 'no_room_to_spare',
    },
  );
}

function costOf(pool: KeyPool, request: Targeted, model: string): Cost | undefined {
  return pool.countsTokens ? pool.costOf(model, requestSizeOf(request)) : undefined;
}

/**
 * What to reject with when every lane has been tried or rests: the provider's own words where they name what is wrong with
 * the pool as a whole, and always the time at which the first lane opens.
 */
function exhausted(pool: KeyPool, model: string, last: PipelineError, now: number): PipelineError {
  const refusal = pool.refusal(model, now);
  const tells = last.kind === refusal.kind || (refusal.kind === 'pool_exhausted' && last.kind === 'rate_limited');
  return tells ? last.withRetryAfter(refusal.retryAfterMs) : refusal;
}
