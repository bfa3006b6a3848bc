import { backoff, type BackoffOptions } from '@x/backoff';
import { pipeline, type Handler, type LlmRequest, type LlmResponse } from '@x/core';
import { fallback, route, type FallbackOptions, type RouteOptions } from '@x/fallback';
import { keypool, type KeypoolOptions } from '@x/keypool';
import { timeLimits, type TimeLimitsOptions } from '@x/streams';
import type { Telemetry } from '@x/telemetry';

export interface PipelineParts {
  readonly telemetry: Telemetry;
  readonly route: RouteOptions;
  readonly fallback: FallbackOptions;
  readonly backoff: BackoffOptions;
  readonly keypool: KeypoolOptions;
  readonly timeLimits: TimeLimitsOptions;
  readonly provider: Handler<LlmRequest, LlmResponse>;
}

/** The gateway's layers without a socket. Outermost first; "once", "per target" and "per attempt" follow from position alone. */
export function sdkPipeline(parts: PipelineParts): Handler<LlmRequest, LlmResponse> {
  return pipeline(
    [
      parts.telemetry.request(), //  once
      route(parts.route), //         once: the request and its fallbacks become a chain
      fallback(parts.fallback), //   once: loops over the chain
      backoff(parts.backoff), //     per target: loops over attempts
      keypool(parts.keypool), //     per attempt: loops over keys
      parts.telemetry.attempt(), //  per upstream call
      timeLimits(parts.timeLimits), // per upstream call
    ],
    parts.provider,
  );
}
