import { PipelineError } from '@x/core';

const CODE = 'store_unavailable';

/** The store of limits does not answer, so that nobody knows what is left. */
export function storeUnavailable(
  reason: string,
  options: { retryAfterMs?: number; cause?: unknown } = {},
): PipelineError {
  return new PipelineError('overloaded', `the store of limits does not answer: ${reason}`, {
    code: CODE,
    ...options,
  });
}

export function isStoreUnavailable(error: unknown): boolean {
  return PipelineError.isInstance(error) && error.code === CODE;
}
