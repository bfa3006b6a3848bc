import {
  CREDENTIAL,
  onSettled,
  policyOf,
  throwIfAborted,
  toPipelineError,
  type Context,
  type Handler,
  type PipelineError,
  type Targeted,
} from '@x/core';
import type { KeyPool } from './key-pool.ts';
import type { Lane } from './lane.ts';

export interface KeypoolOptions {
  /** The pool of each provider by its name. A provider without one is called without a key. */
  readonly pools: Readonly<Record<string, KeyPool>>;
}

/**
 * Gives each call a key from its provider's pool. When the fault is the key's own (no room, no money, dead, not allowed),
 * another key is asked at once: that is no retry, and is bounded by the number of keys.
 */
export function keypool(
  options: KeypoolOptions,
): <Req extends Targeted, Res>(next: Handler<Req, Res>) => Handler<Req, Res> {
  const pools = new Map(Object.entries(options.pools));
  return <Req extends Targeted, Res>(next: Handler<Req, Res>): Handler<Req, Res> =>
    function keypool(request: Req, context: Context): Promise<Res> {
      const pool = pools.get(request.target.provider);
      return pool === undefined ? next(request, context) : rotate(pool, next, request, context);
    };
}

async function rotate<Req extends Targeted, Res>(
  pool: KeyPool,
  next: Handler<Req, Res>,
  request: Req,
  context: Context,
): Promise<Res> {
  const { model } = request.target;
  const { clock, signal } = context;
  let tried: Lane[] | undefined;
  let last: PipelineError | undefined;
  for (;;) {
    throwIfAborted(signal);
    const began = clock.now();
    const lane = pool.take(model, began, tried);
    if (lane === undefined) throw exhausted(pool, model, last, began);
    try {
      const response = await next(request, context.with({}, CREDENTIAL.of(lane.key.credential)));
      pool.succeeded(lane);
      onSettled(response, () => pool.release(lane));
      return response;
    } catch (thrown) {
      pool.release(lane);
      last = toPipelineError(thrown);
      pool.failed(lane, last, clock.now(), began);
      if (policyOf(last.kind).otherKey !== 'at-once') throw thrown;
      (tried ??= []).push(lane);
    }
  }
}

/**
 * What to reject with when every lane has been tried or rests: the provider's own words where they name what is wrong with
 * the pool as a whole, and always the time at which the first lane opens.
 */
function exhausted(pool: KeyPool, model: string, last: PipelineError | undefined, now: number): PipelineError {
  const refusal = pool.refusal(model, now);
  if (last === undefined) return refusal;
  const tells = last.kind === refusal.kind || (refusal.kind === 'pool_exhausted' && last.kind === 'rate_limited');
  return tells ? last.withRetryAfter(refusal.retryAfterMs) : refusal;
}
