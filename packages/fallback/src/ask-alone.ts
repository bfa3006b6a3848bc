import { abortReason, toPipelineError, WAIT_UNTIL, type Context, type Handler } from '@x/core';
import { pauseUntil } from './pause.ts';

/** Milliseconds: a circuit that says "now" and is taken by somebody else is not asked more often than this. */
const SOONEST_MS = 50;

/**
 * A target that nobody can stand in for. What is inside waits for room by itself, but a breaker never does: so its next probe is
 * waited for here, within WAIT_UNTIL.
 * @throws what the last call threw, untouched
 */
export function askAlone<Req, Res>(next: Handler<Req, Res>, request: Req, context: Context): Promise<Res> {
  return next(request, context).catch(async (thrown: unknown) => {
    await waitForProbe(thrown, context);
    return askAlone(next, request, context);
  });
}

/** @throws what was thrown, unless it was a circuit that opens in time */
async function waitForProbe(thrown: unknown, context: Context): Promise<void> {
  const { signal, clock } = context;
  if (signal.aborted) throw abortReason(signal);
  const { code, retryAfterMs } = toPipelineError(thrown);
  if (code !== 'circuit_open' || retryAfterMs === undefined) throw thrown;
  const waitLimit = context.get(WAIT_UNTIL) ?? clock.now();
  const until = clock.now() + Math.max(SOONEST_MS, retryAfterMs);
  if (!(until < waitLimit)) throw thrown;
  await pauseUntil(until, waitLimit, context);
}
