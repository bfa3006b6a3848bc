import {
  abortReason,
  described,
  formatTarget,
  isSettleable,
  onSettled,
  PipelineError,
  PROBE,
  toPipelineError,
  wrongOption,
  type Context,
  type Handler,
  type Settlement,
  type Target,
  type Targeted,
} from '@x/core';
import type { BreakerOptions } from './breaker-options.ts';
import { Circuits } from './circuits.ts';
import { verdictOn } from './verdict.ts';

/** A layer that needs a request's target and hands on whatever answers. */
export interface BreakerMiddleware {
  <Req extends Targeted, Res>(next: Handler<Req, Res>): Handler<Req, Res>;
}

/**
 * Leaves a target alone that goes on failing, and finds out with a few real requests when it is well again. What is kept from it
 * rejects at once with `pool_exhausted`, code `circuit_open`, and the time of the next probe, so that another target answers.
 * Give it {@link Circuits} to see how they stand, or `false` to turn it off.
 * @throws TypeError or RangeError naming the option
 */
export function breaker(options: BreakerOptions | { readonly circuits: Circuits } | false = {}): BreakerMiddleware {
  if (options === false) return described((next) => next, { name: 'breaker', options });
  const circuits = 'circuits' in options ? options.circuits : new Circuits(options);
  if (typeof (circuits as Partial<Circuits> | null)?.enter !== 'function') {
    throw wrongOption('breaker: circuits', circuits, 'Circuits');
  }
  const layer = <Req extends Targeted, Res>(next: Handler<Req, Res>): Handler<Req, Res> =>
    async function breaker(request, context) {
      if (context.signal.aborted) throw abortReason(context.signal);
      const { target } = request;
      const { clock } = context;
      // While all targets are well there is nothing to know, the time neither.
      const passage = circuits.size === 0 ? undefined : circuits.enter(target, clock.now());
      if (typeof passage === 'number') throw keptAway(target, passage);
      let response: Res;
      try {
        response = await next(request, passage?.isProbe === true ? context.with({}, PROBE.of(true)) : context);
      } catch (thrown) {
        // Whatever a call says that was ended from outside, it does not say it about its target.
        const verdict = context.signal.aborted ? 'nothing' : verdictOn(toPipelineError(thrown));
        circuits.leave(target, passage, { verdict, now: clock.now() });
        throw thrown;
      }
      if (passage !== undefined || circuits.size > 0) {
        circuits.leave(target, passage, { verdict: 'success', now: clock.now() });
      }
      // A whole answer has settled, and was a success.
      if (passage === undefined && !isSettleable(response)) return response;
      onSettled(response, (settlement) => {
        const broke = isBroken(settlement, context);
        if (broke === undefined || (!broke && circuits.size === 0)) return;
        circuits.settle(target, passage, { broke, now: clock.now() });
      });
      return response;
    };
  return described(layer, { name: 'breaker', options: circuits.options });
}

/** Whether an answer was cut by its target; undefined where somebody else ended it. */
function isBroken({ outcome, error }: Settlement, { signal }: Context): boolean | undefined {
  if (outcome === 'completed') return false;
  if (outcome !== 'failed' || signal.aborted) return undefined;
  return verdictOn(toPipelineError(error, 'stream_broken')) !== 'nothing';
}

function keptAway(target: Target, retryAfterMs: number): PipelineError {
  return new PipelineError('pool_exhausted', `${formatTarget(target)} has failed too often to be asked now`, {
    code: 'circuit_open',
    retryAfterMs,
    target,
  });
}
