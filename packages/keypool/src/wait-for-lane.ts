import { PRIORITY, TENANT, TRAIL, WAIT_UNTIL, type Context } from '@x/core';
import type { KeyPool } from './key-pool.ts';
import { ONE_REQUEST, type Cost } from './room/cost.ts';
import type { Lease } from './room/lease.ts';

/** Usual answers that must still fit between the wait and the deadline: some take longer than others. */
const ANSWER_ALLOWANCE = 2;

export interface LaneWait {
  readonly cost: Cost | undefined;
  readonly context: Context;
}

/**
 * A lane as soon as it is this request's turn. Waits only where somebody said how long: within WAIT_UNTIL or the deadline.
 * @throws PipelineError at once when that is too short
 */
export async function waitForLane(pool: KeyPool, scope: string, { cost, context }: LaneWait): Promise<Lease> {
  const { clock, signal, deadline } = context;
  const now = clock.now();
  const waitUntil = context.get(WAIT_UNTIL);
  const isBounded = waitUntil !== undefined || deadline !== undefined;
  const latest = (deadline ?? Infinity) - ANSWER_ALLOWANCE * pool.usualMs(scope, now);
  const until = isBounded ? Math.min(waitUntil ?? Infinity, latest, now + pool.maxWaitMs) : now;
  try {
    return await pool.wait(scope, {
      cost: cost ?? ONE_REQUEST,
      tenant: context.get(TENANT) ?? '',
      priority: context.get(PRIORITY) ?? 0,
      until,
      signal,
      clock,
    });
  } finally {
    const trail = context.get(TRAIL);
    if (trail !== undefined) trail.waitedMs += clock.now() - now;
  }
}
