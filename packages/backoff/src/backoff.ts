import {
  described,
  plainOptions,
  PROBE,
  targetOf,
  throwIfAborted,
  type Handler,
  type UniversalMiddleware,
} from '@x/core';
import { BACKOFF_DEFAULTS, resolveBackoffOptions, type BackoffOptions } from './options.ts';
import { Recovery } from './recovery.ts';
import { TargetBudgets } from './target-budgets.ts';

/**
 * Asks the same target again where the kind of failure says that this helps: after the wait that was asked for, with backoff,
 * or once quickly. Gives up with the failure itself, at once where the next wait would end too late.
 * @throws RangeError or TypeError naming the option
 */
export function backoff(options: BackoffOptions = {}): UniversalMiddleware {
  const settings = resolveBackoffOptions(options);
  const budgets = settings.budget === false ? undefined : new TargetBudgets(settings.budget, settings.maxTargets);
  const layer = <Req, Res>(next: Handler<Req, Res>): Handler<Req, Res> =>
    async function backoff(request, context) {
      throwIfAborted(context.signal);
      if (context.get(PROBE) === true) return next(request, context);
      if (context.attempt > 1) return new Recovery({ settings, budgets, next, request, context }).reenter();
      let response: Res;
      try {
        response = await next(request, context);
      } catch (thrown) {
        return new Recovery({ settings, budgets, next, request, context }).run(thrown);
      }
      budgets?.succeeded(targetOf(request));
      return response;
    };
  return described(layer, {
    name: 'backoff',
    options: plainOptions({ ...BACKOFF_DEFAULTS, ...options }),
    repeats: 'attempt',
  });
}
