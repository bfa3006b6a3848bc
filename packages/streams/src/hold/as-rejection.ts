import { PipelineError, toPipelineError } from '@x/core';

/**
 * A break as if nothing had begun, since for the caller nothing has: what broke the stream counts, so that another target may
 * answer.
 */
export function asRejection(thrown: unknown): PipelineError {
  const error = toPipelineError(thrown, 'stream_broken');
  if (error.kind !== 'stream_broken') return error;
  const { code, message, target, upstream, cause } = error;
  const deeper = PipelineError.isInstance(cause) && cause.kind !== 'stream_broken' ? cause : undefined;
  const kind = deeper?.kind ?? (code === 'idle_timeout' ? 'timeout' : 'server_error');
  return new PipelineError(kind, message, {
    code: code === 'stream_broken' ? (deeper?.code ?? kind) : code,
    retryAfterMs: deeper?.retryAfterMs,
    target,
    upstream,
    cause: error,
  });
}
