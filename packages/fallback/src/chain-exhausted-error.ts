import { PipelineError, type AttemptRecord } from '@x/core';
import type { ChainFailure } from './failure-log.ts';

export interface ChainExhaustedInit {
  /** The failure that tells the caller most. Its kind, code, message and origin become those of the whole. */
  readonly error: PipelineError;
  /** Milliseconds from now until the first target opens. */
  readonly retryAfterMs: number | undefined;
  readonly failures: readonly ChainFailure[];
  readonly attempts: readonly AttemptRecord[];
}

/** Every target of a chain has failed. */
export class ChainExhaustedError extends PipelineError {
  /** In the order in which they happened. */
  readonly failures: readonly ChainFailure[];
  /** Every upstream call of the request. Empty where no trail is kept. */
  readonly attempts: readonly AttemptRecord[];

  constructor({ error, retryAfterMs, failures, attempts }: ChainExhaustedInit) {
    const { code, param, target, upstream } = error;
    super(error.kind, error.message, { code, param, target, upstream, retryAfterMs, cause: error });
    this.failures = failures;
    this.attempts = attempts;
  }
}
