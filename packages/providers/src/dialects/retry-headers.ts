import type { PipelineError } from '@x/core';

/**
 * The longest wait that a vendor's client should be told to make by itself. Beyond it openai-node falls back to its own short
 * backoff and anthropic-sdk sleeps for as long as it is told, so both are told not to retry at all.
 */
const LONGEST_CLIENT_WAIT_MS = 60_000;

/** When to come back, in the headers that the vendors' clients obey; `x-should-retry: false` where coming back soon is in vain. */
export function retryHeaders(error: PipelineError): Record<string, string> {
  const { retryAfterMs } = error;
  if (retryAfterMs === undefined) return { 'x-should-retry': 'false' };
  const wait = {
    'retry-after': String(Math.ceil(retryAfterMs / 1_000)),
    'retry-after-ms': String(Math.ceil(retryAfterMs)),
  };
  return retryAfterMs > LONGEST_CLIENT_WAIT_MS ? { ...wait, 'x-should-retry': 'false' } : wait;
}
