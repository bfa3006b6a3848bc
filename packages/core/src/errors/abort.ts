import { PipelineError } from './pipeline-error.ts';

/** Why a signal aborted, as an error: its own reason if that is one of ours (a deadline, say), else `cancelled`. */
export function abortReason(signal: AbortSignal): PipelineError {
  const reason: unknown = signal.reason;
  if (PipelineError.isInstance(reason)) return reason;
  if (reason instanceof Error && reason.name === 'TimeoutError') {
    return new PipelineError('timeout', 'the time given for the request is up', { cause: reason });
  }
  return new PipelineError('cancelled', 'the caller cancelled the request', { cause: reason });
}

/** @throws PipelineError when the signal has aborted */
export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw abortReason(signal);
}
