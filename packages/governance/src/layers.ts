import type { LlmRequest, LlmResponse, Middleware } from '@x/core';
import type { Governance } from './governance.ts';

/** Who asks: `governance.identify()`. Without governance it is no layer at all. */
export function identify(governance: Governance | undefined): Middleware<LlmRequest, LlmResponse> {
  return governance?.identify() ?? none;
}

/** Whether they may, and have room: `governance.authorize()`. Without governance it is no layer at all. */
export function authorize(governance: Governance | undefined): Middleware<LlmRequest, LlmResponse> {
  return governance?.authorize() ?? none;
}

const none: Middleware<LlmRequest, LlmResponse> = (next) => next;
