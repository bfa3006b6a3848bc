import type { ErrorKind } from '@x/core';

/**
 * What a client ought to make of a fault that strikes each of its calls. `answer`: a whole answer nevertheless, or the fault does not
 * apply. `broken`: content, and then an error instead of an end. Otherwise the kind of failure that it is before any content.
 */
export interface FaultExpectation {
  /** For an answer in one piece. */
  readonly whole: 'answer' | ErrorKind;
  readonly stream: 'answer' | 'broken' | ErrorKind;
  /** Milliseconds that the provider asks to wait. No call may come sooner. */
  readonly hintMs?: number;
}

/** The same for answers in one piece and for streams. */
export function both(kind: 'answer' | ErrorKind, hintMs?: number): FaultExpectation {
  return { whole: kind, stream: kind, ...(hintMs !== undefined && { hintMs }) };
}

/** For faults that strike streams only. */
export function streamed(stream: FaultExpectation['stream']): FaultExpectation {
  return { whole: 'answer', stream };
}
