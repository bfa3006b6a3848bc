import {
  abortReason,
  formatTarget,
  onSettled,
  PipelineError,
  PROBE,
  toPipelineError,
  type Context,
  type Handler,
  type Target,
  type Targeted,
} from '@x/core';
import type { BreakerOptions } from './breaker-options.ts';
import { Circuits, type Passage } from './circuits.ts';
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
  if (options === false) return (next) => next;
  const circuits = 'circuits' in options ? options.circuits : new Circuits(options);
  return <Req extends Targeted, Res>(next: Handler<Req, Res>): Handler<Req, Res> =>
    async function breaker(request, context) {
      if (context.signal.aborted) throw abortReason(context.signal);
      const passage = circuits.enter(request.target, context.clock.now());
      if (typeof passage === 'number') throw keptAway(request.target, passage);
      let response: Res;
      try {
        response = await next(request, passage.isProbe ? context.with({}, PROBE.of(true)) : context);
      } catch (thrown) {
        // Whatever a call says that was ended from outside, it does not say it about its target.
        const verdict = context.signal.aborted ? 'nothing' : verdictOn(toPipelineError(thrown));
        circuits.leave(passage, verdict, context.clock.now());
        throw thrown;
      }
      circuits.leave(passage, 'success', context.clock.now());
      watch(response, { circuits, passage, context });
      return response;
    };
}

interface Watch {
  readonly circuits: Circuits;
  readonly passage: Passage;
  readonly context: Context;
}

function watch(response: unknown, { circuits, passage, context }: Watch): void {
  onSettled(response, ({ outcome, error }) => {
    const isLeft = outcome === 'cancelled' || outcome === 'discarded';
    if (isLeft || (outcome === 'failed' && context.signal.aborted)) return;
    const broke = outcome === 'failed' && verdictOn(toPipelineError(error, 'stream_broken')) !== 'nothing';
    circuits.settle(passage, broke, context.clock.now());
  });
}

function keptAway(target: Target, retryAfterMs: number): PipelineError {
  return new PipelineError('pool_exhausted', `${formatTarget(target)} has failed too often to be asked now`, {
    code: 'circuit_open',
    retryAfterMs,
    target,
  });
}
