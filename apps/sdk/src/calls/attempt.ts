import type { AttemptRecord } from '@x/core';

/** One upstream call. Names of keys only, never their values. */
export interface Attempt {
  readonly provider: string;
  readonly model: string;
  /** The name of the key that was used. */
  readonly key: string | undefined;
  /** `ok`, or the kind of its failure. */
  readonly outcome: AttemptRecord['outcome'];
  /** The provider's HTTP status, where it answered. */
  readonly status: number | undefined;
  /** Milliseconds until the answer was there; for a stream, until its first content. */
  readonly durationMs: number;
}

export function toAttempt({ target, key, outcome, status, durationMs }: AttemptRecord): Attempt {
  return { ...target, key, outcome, status, durationMs };
}
