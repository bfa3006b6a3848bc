import type { LlmRequest, LlmResponse, Middleware } from '@x/core';

/** The layers of {@link Governance}. */
export interface GovernanceLayers {
  identify(): Middleware<LlmRequest, LlmResponse>;
  authorize(): Middleware<LlmRequest, LlmResponse>;
}

const none: Middleware<LlmRequest, LlmResponse> = (next) => next;

/** For a pipeline that everyone may use: layers with nothing to do, which are none. */
export const UNGOVERNED: GovernanceLayers = { identify: () => none, authorize: () => none };
