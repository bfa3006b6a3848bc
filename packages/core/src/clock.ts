import { abortReason } from './errors/abort.ts';

/**
 * Where every layer takes its time and its chance from, so that a whole day of traffic can run in virtual time.
 * Make one with {@link createClock}; use {@link systemClock} outside tests.
 */
export interface Clock {
  /** Epoch milliseconds, with a fraction. Never runs backwards. */
  now(): number;
  /** Uniform in [0, 1). */
  random(): number;
  /**
   * Calls back once, `ms` from now or a little later, and never before it has returned. What is no positive number counts
   * as 0. The returned function cancels; calling it twice is harmless.
   */
  schedule(ms: number, callback: () => void): () => void;
  /** Resolves `ms` from now. Rejects at once when `signal` aborts, and leaves neither timer nor listener behind. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** What a clock is made of; `sleep` follows from it. */
export type ClockSource = Pick<Clock, 'now' | 'random' | 'schedule'>;

export function createClock(source: ClockSource): Clock {
  return {
    ...source,
    sleep: (ms, signal) =>
      new Promise<void>((resolve, reject) => {
        if (signal?.aborted) return reject(abortReason(signal));
        const cancel = source.schedule(ms, () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        });
        const onAbort = () => {
          cancel();
          reject(abortReason(signal as AbortSignal));
        };
        signal?.addEventListener('abort', onAbort, { once: true });
      }),
  };
}

/** setTimeout counts in a signed 32-bit integer and fires at once beyond it. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

function timeoutFor(ms: number): number {
  return Math.min(Math.ceil(ms), LONGEST_TIMEOUT_MS);
}

/** Looks at the time again before it calls back: setTimeout may also fire up to a millisecond early. */
function schedule(ms: number, callback: () => void): () => void {
  const now = performance.now();
  const due = now + (ms > 0 ? ms : 0);
  const look = () => {
    const left = due - performance.now();
    if (left > 0) timer = setTimeout(look, timeoutFor(left));
    else callback();
  };
  let timer = setTimeout(look, timeoutFor(due - now));
  return () => clearTimeout(timer);
}

/** The machine's own time. Monotonic: a step of the wall clock moves no deadline. */
export const systemClock: Clock = createClock({
  now: () => performance.timeOrigin + performance.now(),
  random: Math.random,
  schedule,
});
