import {
  abortReason,
  described,
  plainOptions,
  TARGETS_LEFT,
  WAIT_UNTIL,
  type Context,
  type Handler,
  type Target,
  type Targeted,
} from '@x/core';
import { askAlone } from './ask-alone.ts';
import { aimAt, buildChain, CHAIN } from './chain.ts';
import { ChainRun } from './chain-run.ts';
import { resolveFallbackOptions, type FallbackOptions } from './fallback-options.ts';
import { ROUTE_DEFAULTS } from './route-options.ts';

/** What `fallback` reads of a request. `fallbacks` counts only where no `route` has put a chain into the context. */
export interface Fallible extends Targeted {
  readonly fallbacks?: readonly Target[];
}

/** A layer that needs a request's target and hands on whatever answers. */
export interface FallbackMiddleware {
  <Req extends Fallible, Res>(next: Handler<Req, Res>): Handler<Req, Res>;
}

/**
 * Asks the targets of a request's chain until one answers: first each in order, with patience for the first alone, then those
 * that said when they open. How long a target may wait stands in WAIT_UNTIL.
 * @throws TypeError or RangeError naming the option
 */
export function fallback(options: FallbackOptions = {}): FallbackMiddleware {
  const settings = resolveFallbackOptions(options);
  const layer = <Req extends Fallible, Res>(next: Handler<Req, Res>): Handler<Req, Res> =>
    function fallback(request, context) {
      if (context.signal.aborted) return Promise.reject(abortReason(context.signal));
      let chain: readonly Target[];
      try {
        chain = chainOf(request, context);
      } catch (error) {
        return Promise.reject(error);
      }
      const waitLimit = Math.min(
        context.deadline ?? Infinity,
        context.get(WAIT_UNTIL) ?? Infinity,
        context.clock.now() + settings.maxWaitMs,
      );
      const [first = request.target, second] = chain;
      if (second === undefined) {
        const inner = context.with({}, WAIT_UNTIL.of(waitLimit), NOBODY_LEFT);
        return askAlone(next, aimAt(request, first), inner);
      }
      return new ChainRun({ settings, chain, waitLimit, next, request, context }).run();
    };
  return described(layer, { name: 'fallback', options: plainOptions(settings), repeats: 'target' });
}

const NOBODY_LEFT = TARGETS_LEFT.of(0);
const NO_FALLBACKS: readonly Target[] = [];

function chainOf({ target, fallbacks = NO_FALLBACKS }: Fallible, context: Context): readonly Target[] {
  const chain = context.get(CHAIN);
  if (chain !== undefined) return chain;
  return fallbacks.length === 0 ? NO_FALLBACKS : buildChain(target, fallbacks, ROUTE_DEFAULTS.maxTargets);
}
