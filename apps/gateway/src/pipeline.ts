import { backoff } from '@x/backoff';
import type { Assembly } from '@x/config';
import { pipeline, type Handler, type LlmRequest, type LlmResponse } from '@x/core';
import { breaker, fallback, hedge, route } from '@x/fallback';
import { keypool } from '@x/keypool';
import type { Telemetry } from '@x/telemetry';

/** What the layers are made of: the parts of a configuration, and who keeps count. */
export type PipelineParts = Pick<
  Assembly,
  'route' | 'hedge' | 'fallback' | 'breaker' | 'backoff' | 'keypool' | 'provider'
> & {
  readonly telemetry: Telemetry;
};

/**
 * The whole pipeline, outermost first. Expanded, it reads
 * `request(route(hedge(fallback(breaker(backoff(keypool(attempt(provider))))))))`.
 * What runs once, per target or per attempt follows from position alone.
 */
export function gatewayPipeline(parts: PipelineParts): Handler<LlmRequest, LlmResponse> {
  return pipeline(
    [
      parts.telemetry.request(), //  once: one record and one log line, at settlement
      route(parts.route), //         once: the request's fallbacks, or those of its model, become a chain
      hedge(parts.hedge), //         once, may call twice: a slow first call gets company, where that is turned on
      fallback(parts.fallback), //   once, loops over targets: calls the rest anew for each
      breaker(parts.breaker), //     per target: one that goes on failing is left alone, and probed
      backoff(parts.backoff), //     per target, loops over attempts: one quick retry, and short waits for room
      keypool(parts.keypool), //     per attempt, loops over keys: a key without room is left for another at once
      parts.telemetry.attempt(), //  per upstream call: one entry in the trail
    ],
    parts.provider, //               per upstream call: the adapter of the target's provider
  );
}
