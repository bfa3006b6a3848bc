import { backoff } from '@x/backoff';
import type { Assembly } from '@x/config';
import { pipeline, type Handler, type LlmRequest, type LlmResponse } from '@x/core';
import { breaker, fallback, hedge, route } from '@x/fallback';
import { tenantIdOf, type GovernanceLayers } from '@x/governance';
import { keypool } from '@x/keypool';
import { countEstimates } from '@x/providers';
import { hold, resume, timeLimits } from '@x/streams';
import type { Telemetry } from '@x/telemetry';

/** What the layers are made of: the parts of a configuration, and who keeps count. */
export type PipelineParts = Pick<
  Assembly,
  | 'route'
  | 'counting'
  | 'resume'
  | 'hedge'
  | 'fallback'
  | 'breaker'
  | 'hold'
  | 'backoff'
  | 'keypool'
  | 'timeLimits'
  | 'provider'
  | 'findModel'
> & {
  readonly telemetry: Telemetry;
  readonly governance: GovernanceLayers;
};

/**
 * The whole pipeline, outermost first. Expanded, it reads
 * `request(identify(route(countEstimates(resume(hedge(fallback(authorize(breaker(hold(backoff(keypool(attempt(timeLimits(provider))))))))))))))`.
 * What runs once, per target or per attempt follows from position alone.
 */
export function gatewayPipeline(parts: PipelineParts): Handler<LlmRequest, LlmResponse> {
  return pipeline(
    [
      parts.telemetry.request({ ...parts, tenantOf: tenantIdOf }), // once: one record and one log line, at settlement, with what the answer cost
      parts.governance.identify(), // once: whose request it is, by its virtual key
      route(parts.route), //         once: the request's fallbacks, or those of its model, become a chain
      countEstimates(parts.counting), // once: a count of tokens that no provider gives is estimated
      resume(parts.resume), //       once, enters the rest again when a stream breaks that the caller has the beginning of
      hedge(parts.hedge), //         once, may call twice: a slow first call gets company, where that is turned on
      fallback(parts.fallback), //   once, loops over targets: calls the rest anew for each
      parts.governance.authorize(), // per target: whether they may, and have money and room for what it may cost there
      breaker(parts.breaker), //     per target: one that goes on failing is left alone, and probed
      hold(parts.hold), //           per target: for callers that want all or nothing, the whole stream is awaited
      backoff(parts.backoff), //     per target, loops over attempts: one quick retry, and short waits for room
      keypool(parts.keypool), //     per attempt, loops over keys: a key without room is left for another at once
      parts.telemetry.attempt(), //  per upstream call: one entry in the trail
      timeLimits(parts.timeLimits), // per upstream call: first content, share of the deadline, silence
    ],
    parts.provider, //               per upstream call: the adapter of the target's provider
  );
}
