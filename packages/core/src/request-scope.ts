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
  const { timeoutMs } = options;
  if (timeoutMs !== undefined && !(timeoutMs >= 0)) {
    throw new RangeError(`openRequest: timeoutMs must be at least 0, got ${timeoutMs}`);
  }
  return new OpenRequest(options, entries);
}

class OpenRequest implements RequestScope {
  readonly context: Context;
  readonly #controller = new AbortController();
  readonly #outer: AbortSignal | undefined;
  readonly #cancelTimer: (() => void) | undefined;

  constructor(options: RequestScopeOptions, entries: readonly ContextEntry[]) {
    const { clock = systemClock, signal: outer, timeoutMs, id } = options;
    const { signal } = this.#controller;
    this.#outer = outer;
    if (outer?.aborted) this.handleEvent();
    else outer?.addEventListener('abort', this, { once: true });
    let deadline: number | undefined;
    if (timeoutMs !== undefined) {
      deadline = clock.now() + timeoutMs;
      this.#cancelTimer = clock.schedule(timeoutMs, () => this.abort(tooLate(timeoutMs)));
    }
    const made = id === undefined ? { clock, signal, deadline } : { clock, signal, deadline, id };
    this.context = createContext(made, ...entries);
  }

  // Not methods, so that `const { context, close } = openRequest()` works.
  readonly abort = (reason?: unknown): void => this.#controller.abort(reason);

  readonly close = (): void => {
    this.#cancelTimer?.();
    this.#outer?.removeEventListener('abort', this);
  };

  /** The outer signal aborts. */
  handleEvent(): void {
    this.abort(this.#outer?.reason);
  }
}

function tooLate(timeoutMs: number): PipelineError {
  return new PipelineError('timeout', `not answered within ${timeoutMs} ms`, { code: 'deadline_exceeded' });
}
