import { backoff, type BackoffOptions } from '@x/backoff';
import { pipeline, type Handler, type LlmRequest, type LlmResponse } from '@x/core';
import { fallback, route, type FallbackOptions, type RouteOptions } from '@x/fallback';
import { keypool, type KeypoolOptions } from '@x/keypool';
import { hold, resume, timeLimits, type HoldOptions, type ResumeOptions, type TimeLimitsOptions } from '@x/streams';
import type { Telemetry } from '@x/telemetry';

export interface PipelineParts {
  readonly telemetry: Telemetry;
  readonly route: RouteOptions;
  readonly resume: ResumeOptions;
  readonly fallback: FallbackOptions;
  readonly hold: HoldOptions;
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
      resume(parts.resume), //       once, again after a break
      fallback(parts.fallback), //   once: loops over the chain
      hold(parts.hold), //           per target
      backoff(parts.backoff), //     per target: loops over attempts
      keypool(parts.keypool), //     per attempt: loops over keys
      parts.telemetry.attempt(), //  per upstream call
      timeLimits(parts.timeLimits), // per upstream call
    ],
    parts.provider,
  );
}
