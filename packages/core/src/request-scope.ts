import { systemClock } from './clock.ts';
import { createContext, type Context, type ContextEntry, type ContextOptions } from './context.ts';
import { PipelineError } from './errors/pipeline-error.ts';

export interface RequestScopeOptions extends Omit<ContextOptions, 'deadline'> {
  /** Milliseconds for the whole request, to the end of its stream. @default none */
  timeoutMs?: number | undefined;
}

/** One request of a caller: its context, and the means to end it. */
export interface RequestScope {
  readonly context: Context;
  /** Stops all work for the request. */
  abort(reason?: unknown): void;
  /** Frees the deadline's timer and lets go of the outer signal. Call it when the response has settled. */
  close(): void;
}

/** Opens a request: its context aborts when `signal` does, when the time is up, or by {@link RequestScope.abort}. */
export function openRequest(options: RequestScopeOptions = {}, ...entries: readonly ContextEntry[]): RequestScope {
  const { clock = systemClock, signal: outer, timeoutMs, id } = options;
  if (timeoutMs !== undefined && !(timeoutMs >= 0)) {
    throw new RangeError(`openRequest: timeoutMs must be at least 0, got ${timeoutMs}`);
  }
  const controller = new AbortController();
  const onOuterAbort = () => controller.abort(outer?.reason);
  if (outer?.aborted) onOuterAbort();
  else outer?.addEventListener('abort', onOuterAbort, { once: true });
  const onDeadline = () =>
    controller.abort(
      new PipelineError('timeout', `not answered within ${timeoutMs} ms`, { code: 'deadline_exceeded' }),
    );
  const cancelTimer = timeoutMs === undefined ? undefined : clock.schedule(timeoutMs, onDeadline);
  return {
    context: createContext(
      {
        clock,
        signal: controller.signal,
        deadline: timeoutMs === undefined ? undefined : clock.now() + timeoutMs,
        ...(id === undefined ? {} : { id }),
      },
      ...entries,
    ),
    abort: (reason) => controller.abort(reason),
    close: () => {
      cancelTimer?.();
      outer?.removeEventListener('abort', onOuterAbort);
    },
  };
}
