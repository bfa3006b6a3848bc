import { backoff } from '@x/backoff';
import type { Assembly } from '@x/config';
import { pipeline, type Handler, type LlmRequest, type LlmResponse } from '@x/core';
import { breaker, fallback, hedge, route } from '@x/fallback';
import type { GovernanceLayers } from '@x/governance';
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
> & { readonly telemetry: Telemetry; readonly governance: GovernanceLayers };

/** The gateway's layers without a socket. Outermost first; "once", "per target" and "per attempt" follow from position alone. */
export function sdkPipeline(parts: PipelineParts): Handler<LlmRequest, LlmResponse> {
  return pipeline(
    [
      parts.telemetry.request(parts), // once
      parts.governance.identify(), //      once: who asks
      route(parts.route), //         once: the request and its fallbacks become a chain
      countEstimates(parts.counting), // once: counts of tokens alone
      resume(parts.resume), //       once, again after a break
      hedge(parts.hedge), //         once, may call twice: a slow first call gets company
      fallback(parts.fallback), //   once: loops over the chain
      parts.governance.authorize(), //     per target: whether they may, and have room
      breaker(parts.breaker), //     per target: one that goes on failing is left alone
      hold(parts.hold), //           per target
      backoff(parts.backoff), //     per target: loops over attempts
      keypool(parts.keypool), //     per attempt: loops over keys
      parts.telemetry.attempt(), //  per upstream call
      timeLimits(parts.timeLimits), // per upstream call
    ],
    parts.provider,
  );
}
