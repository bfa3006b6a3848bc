import { RETRYABLE_STATUSES } from '@x/backoff';
import { header, PipelineError } from '@x/core';
import { RefusedError } from './refusal.ts';

/**
 * Whether asking once more may help without multiplying what was done already. A gateway has retried by itself, so its word
 * counts alone: it names the time at which there will be room, or there is nothing to wait for. What stood before it, or failed to
 * reach it, has done no such thing.
 */
export function worthAnother(error: unknown): boolean {
  if (error instanceof RefusedError) {
    const { answer, fromGateway, retryAfterMs } = error;
    if (header(answer.headers, 'x-should-retry') === 'false') return false;
    return fromGateway ? retryAfterMs !== undefined : RETRYABLE_STATUSES.includes(answer.status);
  }
  return PipelineError.isInstance(error) && error.kind === 'network';
}
