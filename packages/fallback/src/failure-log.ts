import type { ErrorKind, PipelineError, Target } from '@x/core';

/** One failure on the way through a chain. */
export interface ChainFailure {
  readonly target: Target;
  readonly kind: ErrorKind;
  readonly message: string;
  /** Milliseconds, counted from this failure. */
  readonly retryAfterMs: number | undefined;
}

/** The failures of one request. Bounded: of several looks at the same full pool the last one counts. */
export class FailureLog {
  readonly failures: ChainFailure[] = [];

  add(target: Target, { kind, message, retryAfterMs }: PipelineError): void {
    const index = this.failures.findLastIndex((failure) => failure.target === target);
    const repeated = kind === 'pool_exhausted' && this.failures[index]?.kind === kind;
    if (repeated) this.failures.splice(index, 1);
    this.failures.push({ target, kind, message, retryAfterMs });
  }
}
