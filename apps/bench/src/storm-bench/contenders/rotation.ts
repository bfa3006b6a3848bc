import { toPipelineError, type Context, type LlmRequest, type LlmResponse, type Handler } from '@x/core';
import type { FleetKey } from '../fleet.ts';
import type { Contender } from './contender.ts';
import { upstream } from './upstream.ts';
import { weightedKey, withKey } from './weighted-key.ts';

/** A key by chance, after a 429 another one, and when all have said so the next target: what gateways do today. */
export const rotation: Contender = {
  name: 'rotation on 429',
  create: (parts) => {
    const next = upstream(parts);
    return async (request, context) => {
      let last: unknown;
      for (const target of [request.target, ...request.fallbacks]) {
        try {
          return await rotate(next, parts.fleet[target.provider]?.keys ?? [], { ...request, target }, context);
        } catch (error) {
          last = error;
        }
      }
      throw last;
    };
  },
};

async function rotate(
  next: Handler<LlmRequest, LlmResponse>,
  keys: readonly FleetKey[],
  ...[request, context]: [LlmRequest, Context]
): Promise<LlmResponse> {
  let left = keys;
  for (;;) {
    const key = weightedKey(left, () => context.clock.random());
    if (key === undefined) return next(request, context);
    try {
      return await next(request, withKey(context, key));
    } catch (error) {
      left = left.filter((other) => other !== key);
      if (left.length === 0 || toPipelineError(error).kind !== 'rate_limited') throw error;
    }
  }
}
