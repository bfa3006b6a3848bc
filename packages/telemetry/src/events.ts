import type { ErrorKind, Target } from '@x/core';

/** A wait that is about to begin. The `WaitEvent` of `@x/backoff` is one. */
export interface WaitSeen {
  readonly target: Target | undefined;
  readonly kind: ErrorKind;
  /** Milliseconds. */
  readonly delayMs: number;
}

/** A target was left alone, tried again, or taken back. The `CircuitEvent` of `@x/fallback` is one. */
export interface CircuitSeen {
  readonly target: Target;
  readonly to: 'closed' | 'open' | 'half-open';
}

/** Someone is asked to go on with a broken stream. The `ResumeEvent` of `@x/streams` is one. */
export interface ResumeSeen {
  /** Whose stream broke. */
  readonly from: Target;
  readonly to: Target;
  readonly mode: 'continue' | 'replay';
}

/** A request was asked twice. The `HedgeEvent` of `@x/fallback` is one. */
export interface HedgeSeen {
  readonly second: Target;
  readonly winner: 'first' | 'second' | 'none' | 'no-room';
}

/** A move from one target of a chain to another. The `FallbackEvent` of `@x/fallback` is one. */
export interface FallbackSeen {
  readonly from: Target;
  readonly to: Target;
  readonly kind: ErrorKind;
}

/** An event of an upstream stream that was left out. The `SkippedEvent` of `@x/providers` is one. */
export interface SkippedSeen {
  readonly target: Target;
}
