import {
  policyOf,
  toPipelineError,
  type Context,
  type FindModel,
  type LlmRequest,
  type LlmResponse,
  type PipelineError,
  type Settlement,
  type Trail,
} from '@x/core';

/** One request while it is under way, and what is known of it when it has ended. Times in epoch milliseconds. */
export class Observation {
  readonly request: LlmRequest;
  readonly context: Context;
  readonly trail: Trail;
  readonly startedAt: number;
  committedAt: number;
  endedAt: number;
  outcome: Settlement['outcome'] = 'completed';
  response: LlmResponse | undefined;
  error: PipelineError | undefined;
  /** Whom it was for, where that is known. */
  tenant: string | undefined;
  /** Who put the price on the answer. */
  findModel: FindModel | undefined;

  constructor(request: LlmRequest, context: Context, trail: Trail) {
    this.request = request;
    this.context = context;
    this.trail = trail;
    this.startedAt = context.clock.now();
    this.committedAt = this.startedAt;
    this.endedAt = this.startedAt;
  }

  commit(response: LlmResponse): void {
    this.response = response;
    this.committedAt = this.context.clock.now();
    this.endedAt = this.committedAt;
  }

  /** Rejected: nothing has reached the caller. */
  reject(thrown: unknown): void {
    this.error = toPipelineError(thrown);
    this.outcome = this.error.kind === 'cancelled' ? 'cancelled' : 'failed';
    this.committedAt = this.context.clock.now();
    this.endedAt = this.committedAt;
  }

  settle({ outcome, error }: Settlement): void {
    this.outcome = outcome;
    if (outcome === 'failed') this.error = toPipelineError(error, 'stream_broken');
    this.endedAt = this.context.clock.now();
  }

  /** `ok`, the kind of what failed, or that the answer was left: one of a few. */
  get label(): string {
    if (this.error) return this.error.kind;
    return this.outcome === 'completed' ? 'ok' : this.outcome;
  }

  get status(): number {
    return this.error && !this.response ? policyOf(this.error.kind).httpStatus : 200;
  }

  /** What calls at the same time (hedging) took together can be more than the request did. */
  get ownMs(): number {
    let elsewhere = this.trail.waitedMs;
    for (const attempt of this.trail.attempts) elsewhere += attempt.durationMs;
    return Math.max(0, this.committedAt - this.startedAt - elsewhere);
  }
}
