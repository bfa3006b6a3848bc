import { policyOf, type ErrorKind, type PipelineError, type Target } from '@x/core';

/** Milliseconds: a target that says "now" and still fails is not waited for more often than this. */
const SOONEST_MS = 50;

/**
 * How often one request calls a target that answers each time that it is too busy. Answers of a pool without room do not count,
 * as no call was made for them.
 */
const MAX_FAILED_CALLS = 3;

/** Whoever failed so is not asked again by the same request, even if it says when to come back: it would only fail again. */
const NEVER_AGAIN: ReadonlySet<ErrorKind> = new Set(['timeout', 'context_length', 'request_too_large_for_limit']);

/** What one request knows about one target of its chain. */
export class Slot {
  readonly target: Target;
  /** What it last answered. A pool without room does not hide what a provider said before. */
  error: PipelineError | undefined;
  /** Epoch milliseconds at which it opens, where it said so. */
  opensAt: number | undefined;
  /** It is known to be too small for the prompt. */
  isTooSmall = false;
  /** Whether it once failed too early although it could have waited: then nothing inside waits for it. */
  returnsEarly = false;
  /** Upstream calls that failed, as far as can be seen from here. */
  failedCalls = 0;
  #waitUntil = 0;
  #dueAt: number | undefined;
  #askedBlindly = false;
  #isOut = false;

  constructor(target: Target) {
    this.target = target;
  }

  ask(phase: 'next' | 'waiting', waitUntil: number): void {
    this.#waitUntil = waitUntil;
    if (phase === 'next') return;
    this.#dueAt = this.opensAt ?? -Infinity;
    this.#askedBlindly ||= this.opensAt === undefined;
  }

  fail(error: PipelineError, now: number): void {
    const { kind, retryAfterMs = Number.NaN } = error;
    if (kind !== 'pool_exhausted' || this.error === undefined) this.error = error;
    if (kind !== 'pool_exhausted') this.failedCalls += 1;
    this.#isOut ||= NEVER_AGAIN.has(kind);
    const leastMs = this.#dueAt === undefined ? 0 : SOONEST_MS;
    this.opensAt = Number.isNaN(retryAfterMs) ? undefined : now + Math.max(leastMs, retryAfterMs);
    this.returnsEarly ||= this.#dueAt !== undefined && now < this.#dueAt && openingOf(this) <= this.#waitUntil;
  }

  /** Whether it makes sense to ask it again. A kind that waiting helps counts once even if it named no time. */
  mayOpenBefore(limit: number): boolean {
    if (this.error === undefined || this.#isOut || this.isTooSmall || this.failedCalls >= MAX_FAILED_CALLS)
      return false;
    if (this.opensAt !== undefined) return this.opensAt < limit;
    const { sameLane } = policyOf(this.error.kind);
    return !this.#askedBlindly && (sameLane === 'after-wait' || sameLane === 'with-backoff');
  }
}

/** Those that named no time come after those that did. */
export function openingOf({ opensAt }: Slot): number {
  return opensAt ?? Infinity;
}
