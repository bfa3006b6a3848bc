import { contextKey, PipelineError, type ErrorKind, type Target, type Targeted } from '@x/core';

export { CHAIN } from '@x/core';

/** For this request, in place of the option `moveOnAfter` of `fallback`. `route` puts it there for models that have their own. */
export const MOVE_ON_AFTER = contextKey<ReadonlySet<ErrorKind>>('move-on-after');

/**
 * The primary and its fallbacks without duplicates.
 * @throws PipelineError `invalid_request` naming `fallbacks` when more than `maxTargets` remain
 */
export function buildChain(primary: Target, fallbacks: readonly Target[], maxTargets: number): readonly Target[] {
  const chain = [primary];
  for (const target of fallbacks) {
    if (chain.some((earlier) => sameTarget(earlier, target))) continue;
    if (chain.length === maxTargets) {
      throw new PipelineError(
        'invalid_request',
        `fallbacks must leave at most ${maxTargets} targets with the model itself`,
        {
          code: 'too_many_fallbacks',
          param: 'fallbacks',
        },
      );
    }
    chain.push(target);
  }
  return chain;
}

export function sameTarget(a: Target, b: Target): boolean {
  return a.model === b.model && a.provider === b.provider;
}

/** The same request, meant for `target`. */
export function aimAt<Req extends Targeted>(request: Req, target: Target): Req {
  return sameTarget(request.target, target) ? request : { ...request, target };
}
