import {
  abortReason,
  described,
  formatTarget,
  plainOptions,
  PipelineError,
  type Handler,
  type LlmRequest,
  type Target,
} from '@x/core';
import { buildChain, CHAIN, MOVE_ON_AFTER } from './chain.ts';
import { listed, resolveRouteOptions, ROUTE_DEFAULTS, type RouteOptions, type RouteSettings } from './route-options.ts';

/** A layer that needs the members of an {@link LlmRequest} and hands on whatever answers. */
export interface RouteMiddleware {
  <Req extends LlmRequest, Res>(next: Handler<Req, Res>): Handler<Req, Res>;
}

/**
 * Decides who may answer a request: puts its {@link CHAIN} into the context. The request's own `fallbacks` win over the chain
 * of its model, an empty list of them included.
 * @throws TypeError or RangeError naming the option
 */
export function route(options: RouteOptions = {}): RouteMiddleware {
  const settings = resolveRouteOptions(options);
  const layer = <Req extends LlmRequest, Res>(next: Handler<Req, Res>): Handler<Req, Res> =>
    function route(request, context) {
      if (context.signal.aborted) return Promise.reject(abortReason(context.signal));
      let chain: readonly Target[] | undefined;
      try {
        chain = chainOf(request, settings);
      } catch (error) {
        return Promise.reject(error);
      }
      // A chain of one is what `fallback` takes for granted.
      if (chain === undefined) return next(request, context);
      const kinds =
        settings.moveOnAfter.size === 0 ? undefined : settings.moveOnAfter.get(formatTarget(request.target));
      const inner = context.with({}, CHAIN.of(chain));
      return next(request, kinds === undefined ? inner : inner.with({}, MOVE_ON_AFTER.of(kinds)));
    };
  return described(layer, { name: 'route', options: plainOptions({ ...ROUTE_DEFAULTS, ...options }) });
}

function chainOf(request: LlmRequest, { chains, providers, maxTargets }: RouteSettings): readonly Target[] | undefined {
  const { target, fallbacks } = request;
  if (providers !== undefined) checkProviders(target, fallbacks, providers);
  if (fallbacks.length > 0) {
    const chain = buildChain(target, fallbacks, maxTargets);
    return chain.length > 1 ? chain : undefined;
  }
  if (chains.size === 0 || Array.isArray(request.body.value['fallbacks'])) return undefined;
  return chains.get(formatTarget(target));
}

function checkProviders(target: Target, fallbacks: readonly Target[], known: ReadonlySet<string>): void {
  if (!known.has(target.provider)) throw unknownProvider(target, 'model', known);
  for (const [index, fallback] of fallbacks.entries()) {
    if (!known.has(fallback.provider)) throw unknownProvider(fallback, `fallbacks[${index}]`, known);
  }
}

function unknownProvider({ provider }: Target, param: string, known: ReadonlySet<string>): PipelineError {
  const name = provider.length > 64 ? `${provider.slice(0, 61)}...` : provider;
  return new PipelineError(
    'model_not_found',
    `${param} names the provider ${JSON.stringify(name)}; known are ${listed(known)}`,
    { code: 'unknown_provider', param },
  );
}
