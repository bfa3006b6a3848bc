import type { TimeLimitsSettings } from '../options.ts';

/** A moment, and what has happened when it passes. */
export interface Limit {
  /** Epoch milliseconds; Infinity for none. */
  readonly at: number;
  readonly code: 'first_token_timeout' | 'attempt_timeout' | 'deadline_exceeded';
}

export interface CommitAsk {
  readonly now: number;
  readonly deadline: number | undefined;
  /** Targets of the chain that have not been asked yet. */
  readonly targetsLeft: number;
  readonly stream: boolean;
}

/**
 * By when an attempt must have begun to answer; a whole answer, by when it must be there. Each target gets an equal share of the
 * time that is left, the last one the rest; one that is silent is left even sooner while there is someone else to ask.
 */
export function commitLimit(ask: CommitAsk, { firstTokenMs }: Pick<TimeLimitsSettings, 'firstTokenMs'>): Limit {
  const { now, deadline = Infinity, targetsLeft, stream } = ask;
  if (targetsLeft <= 0) return { at: deadline, code: 'deadline_exceeded' };
  const slice = deadline === Infinity ? Infinity : now + (deadline - now) / (targetsLeft + 1);
  const firstToken = stream ? now + firstTokenMs : Infinity;
  return firstToken < slice ? { at: firstToken, code: 'first_token_timeout' } : { at: slice, code: 'attempt_timeout' };
}
