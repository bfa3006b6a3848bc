import {
  abortReason,
  described,
  operationOf,
  plainOptions,
  targetOf,
  type Context,
  type Handler,
  type Target,
  type Targeted,
} from '@x/core';
import { sameTarget } from '../chain.ts';
import { HedgeBudget } from './hedge-budget.ts';
import { resolveHedgeOptions, type HedgeOptions } from './hedge-options.ts';
import { HedgeRun } from './hedge-run.ts';
import { Latencies } from './latencies.ts';

/** What `hedge` reads of a request. */
export interface Hedgeable extends Targeted {
  readonly stream?: boolean;
  /** Only answers of a model are worth a second call: anything else comes quickly, or must not be done twice. */
  readonly dialect?: string;
}

/** A layer that needs a request's target and hands on whatever answers. */
export interface HedgeMiddleware {
  <Req extends Hedgeable, Res>(next: Handler<Req, Res>): Handler<Req, Res>;
}

/**
 * Asks a second time when the first call has not answered by the time at which it usually has: the next target of the chain, or
 * another key where there is no other target. The first content wins, and the other call is ended. Second calls are bounded over
 * all requests, and never take room that is short. `false` turns it off.
 * @throws TypeError or RangeError naming the option
 */
export function hedge(options: HedgeOptions | false = {}): HedgeMiddleware {
  if (options === false) return described((next) => next, { name: 'hedge', options });
  const settings = resolveHedgeOptions(options);
  const budget = new HedgeBudget(settings.budget);
  const latencies = new Latencies();
  const layer = <Req extends Hedgeable, Res>(next: Handler<Req, Res>): Handler<Req, Res> => {
    if (settings.budget === 0) return next;
    return async function hedge(request, context) {
      if (context.signal.aborted) throw abortReason(context.signal);
      if (operationOf(request.dialect) !== 'chat') return next(request, context);
      budget.deposit();
      const stream = request.stream === true;
      const learn = (target: Target, ms: number) => {
        if (settings.delayMs === undefined) latencies.add({ target, stream }, ms);
      };
      const delayMs = settings.delayMs ?? latencies.at({ target: request.target, stream }, settings);
      if (delayMs === undefined || isTooLate(delayMs, context)) {
        const startedAt = context.clock.now();
        const response = await next(request, context);
        const by = targetOf(response) ?? request.target;
        if (sameTarget(by, request.target)) learn(by, context.clock.now() - startedAt);
        return response;
      }
      return new HedgeRun({ settings, budget, delayMs, next, request, context, learn }).run();
    };
  };
  return described(layer, { name: 'hedge', options: plainOptions(settings) });
}

/** A second call would come when nobody waits any more. */
function isTooLate(delayMs: number, { deadline, clock }: Context): boolean {
  return deadline !== undefined && clock.now() + delayMs >= deadline;
}
