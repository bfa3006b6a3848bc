import type { LlmRequest, LlmResponse, Middleware } from '@x/core';
import { authorize } from './admission/authorize.ts';
import { identify } from './identity/identify.ts';

/** The layers of {@link Governance}. */
export interface GovernanceLayers {
  identify(): Middleware<LlmRequest, LlmResponse>;
  authorize(): Middleware<LlmRequest, LlmResponse>;
}

/** For a pipeline that everyone may use: layers with nothing to do, which are none. */
export const UNGOVERNED: GovernanceLayers = { identify: () => identify(), authorize: () => authorize() };
