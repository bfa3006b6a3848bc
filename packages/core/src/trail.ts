import { contextKey } from './context.ts';
import type { ErrorKind } from './errors/kinds.ts';
import type { Usage } from './llm/usage.ts';
import type { Target } from './target.ts';

/** One upstream call, as operators and callers see it. Names of keys only, never their values. */
export interface AttemptRecord {
  readonly target: Target;
  /** The name of the key that was used. */
  readonly key: string | undefined;
  readonly outcome: 'ok' | ErrorKind;
  /** The provider's HTTP status, where it answered. */
  readonly status: number | undefined;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Until the answer was there; for a stream, until its first content. */
  readonly durationMs: number;
}

/** What one target used for its part of an answer. */
export interface AnswerShare {
  readonly target: Target;
  readonly usage: Usage;
}

/** What happened to one request on its way. The one thing that layers append to, so it lives as long as its request. */
export class Trail {
  readonly attempts: AttemptRecord[] = [];
  /** Everyone whose words are in the answer, in order, where they are more than the one that began it. */
  readonly contributors: Target[] = [];
  /** Who used what, where an answer has parts of several calls. Their sum is the usage of the answer. */
  shares: readonly AnswerShare[] | undefined;
  /** Whole nano-USD that the answer cost, once that is known. */
  costNanoUsd: number | undefined;
  /** Milliseconds that layers spent waiting on purpose. */
  waitedMs = 0;

  /** Milliseconds spent in upstream calls. */
  get upstreamMs(): number {
    return this.attempts.reduce((sum, attempt) => sum + attempt.durationMs, 0);
  }
}

export const TRAIL = contextKey<Trail>('trail');
