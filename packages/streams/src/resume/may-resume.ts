import { PipelineError, policyOf, type Context } from '@x/core';

/** Whether somebody else could go on after this: not when the caller left, the time is up, or the words themselves were refused. */
export function mayResume(error: PipelineError, { signal, deadline, clock }: Context): boolean {
  if (signal.aborted || (deadline !== undefined && clock.now() >= deadline)) return false;
  if (error.code === 'deadline_exceeded') return false;
  const cause = error.kind === 'stream_broken' && PipelineError.isInstance(error.cause) ? error.cause : error;
  return cause.kind === 'stream_broken' || policyOf(cause.kind).otherTarget === 'yes';
}

/** The break, with what became of the attempts to go on. */
export function notResumed(error: PipelineError, why: string): PipelineError {
  const { kind, code, target, upstream, message } = error;
  return new PipelineError(kind, `${message}; not resumed: ${why}`, { code, target, upstream, cause: error });
}
