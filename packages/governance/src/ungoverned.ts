import { described, type LlmRequest, type LlmResponse, type Middleware } from '@x/core';

/** The layers of {@link Governance}. */
export interface GovernanceLayers {
  identify(): Middleware<LlmRequest, LlmResponse>;
  authorize(): Middleware<LlmRequest, LlmResponse>;
}

const none = (name: string): Middleware<LlmRequest, LlmResponse> => described((next) => next, { name, options: false });

/** For a pipeline that everyone may use: layers with nothing to do, which are none. */
export const UNGOVERNED: GovernanceLayers = {
  identify: () => none('identify'),
  authorize: () => none('authorize'),
};
