import type { RetrySettings } from './options.ts';

/** The signal and the deadline of one `retry` call. */
export interface TimeScope {
  readonly signal: AbortSignal;
  /** Epoch milliseconds. */
  readonly deadline: number | undefined;
  /** Whether anything can abort `signal`. */
  readonly abortable: boolean;
  /** Frees the timer. The signal stays tied to the caller's own, because a response body may still be read under it. */
  close(): void;
}

export function openTimeScope({ clock, signal, timeoutMs, deadline }: RetrySettings): TimeScope {
  if (timeoutMs === undefined && deadline === undefined) {
    return {
      signal: signal ?? new AbortController().signal,
      deadline,
      abortable: signal !== undefined,
      close: () => undefined,
    };
  }
  const now = clock.now();
  const due = Math.min(deadline ?? Infinity, now + (timeoutMs ?? Infinity));
  const controller = new AbortController();
  const onDue = () => controller.abort(new DOMException(`not done within ${due - now} ms`, 'TimeoutError'));
  const close = clock.schedule(due - now, onDue);
  return {
    signal: signal === undefined ? controller.signal : AbortSignal.any([signal, controller.signal]),
    deadline: due,
    abortable: true,
    close,
  };
}

/** Settles with `work`, or at once with the signal's reason. What comes too late goes to `onLate`. */
export function untilAbort<T>(work: Promise<T>, signal: AbortSignal, onLate: (value: T) => void): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    work.then(
      (value) => {
        signal.removeEventListener('abort', onAbort);
        if (signal.aborted) onLate(value);
        resolve(value);
      },
      (error: unknown) => {
        signal.removeEventListener('abort', onAbort);
        reject(error);
      },
    );
  });
}
