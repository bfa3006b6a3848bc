import {
  answerCost,
  formatTarget,
  totalInput,
  totalOutput,
  type AttemptRecord,
  type Target,
  type Usage,
} from '@x/core';
import { clientRetryOf } from './client-retry.ts';
import type { CircuitSeen, FallbackSeen, HedgeSeen, ResumeSeen, SkippedSeen, WaitSeen } from './events.ts';
import { operationOf, OTHER, providerNameOf } from './metrics/genai.ts';
import type { Metrics, Tokens } from './metrics/metrics.ts';
import type { Observation } from './observation.ts';

/** Turns what happened into numbers. Runs on the path of every request: no strings are built, no objects made. */
export class Recorder {
  readonly #metrics: Metrics;

  constructor(metrics: Metrics) {
    this.#metrics = metrics;
  }

  begun(): void {
    this.#metrics.active.count += 1;
  }

  ended(observation: Observation): void {
    const { request, response, label, startedAt, committedAt, endedAt } = observation;
    const { requests, durations, firstChunks, own, active } = this.#metrics;
    const target = response?.target ?? request.target;
    const unknown = isUnknown(observation);
    const provider = unknown && observation.trail.attempts.length === 0 ? OTHER : target.provider;
    const model = unknown ? OTHER : target.model;
    const operation = operationOf(request.dialect);
    const providerName = providerNameOf(provider);

    active.count -= 1;
    requests.cell(provider, model, label).count += 1;
    durations.cell(operation, providerName, model, label === 'ok' ? '' : label).record((endedAt - startedAt) / 1_000);
    if (clientRetryOf(request.headers) > 0) this.#metrics.clientRetries.cell(provider, model, label).count += 1;
    own.record(observation.ownMs / 1_000);
    if (response === undefined) return;
    if (response.stream) firstChunks.cell(operation, providerName, model).record((committedAt - startedAt) / 1_000);
    this.#bill(observation, target);
    if (response.usage) addTokens(this.#metrics.tokens.cell(operation, providerName, model), response.usage);
  }

  /** Each target what its part of the answer cost. */
  #bill({ trail, findModel }: Observation, target: Target): void {
    if (findModel === undefined || trail.costNanoUsd === undefined) return;
    if (trail.shares === undefined) {
      this.#metrics.costs.cell(target.provider, target.model).nanoUsd += trail.costNanoUsd;
      return;
    }
    for (const share of trail.shares) {
      this.#metrics.costs.cell(share.target.provider, share.target.model).nanoUsd += answerCost(findModel, share) ?? 0;
    }
  }

  attempted({ target, key, outcome, durationMs }: AttemptRecord): void {
    const model = outcome === 'model_not_found' ? OTHER : target.model;
    const cell = this.#metrics.attempts.cell(target.provider, model, key ?? '', outcome);
    cell.count += 1;
    cell.seconds += durationMs / 1_000;
  }

  waited({ target, kind, delayMs }: WaitSeen): void {
    const cell = this.#metrics.waits.cell(target?.provider ?? '', target?.model ?? '', kind);
    cell.count += 1;
    cell.seconds += delayMs / 1_000;
  }

  circuitChanged({ target, to }: CircuitSeen): void {
    this.#metrics.circuits.cell(target.provider, target.model, to).count += 1;
  }

  hedged({ second, winner }: HedgeSeen): void {
    this.#metrics.hedges.cell(second.provider, second.model, winner).count += 1;
  }

  resumed({ from, to, mode }: ResumeSeen): void {
    this.#metrics.rescues.cell(formatTarget(from), formatTarget(to), mode).count += 1;
  }

  skipped({ target }: SkippedSeen): void {
    this.#metrics.skipped.cell(target.provider, target.model).count += 1;
  }

  movedOn({ from, to, kind }: FallbackSeen): void {
    this.#metrics.fallbacks.cell(formatTarget(from), formatTarget(to), kind).count += 1;
  }
}

function addTokens(cell: Tokens, usage: Usage): void {
  cell.input += totalInput(usage);
  cell.output += totalOutput(usage);
  cell.cacheRead += usage.cacheReadTokens;
  cell.cacheWrite += usage.cacheWriteTokens;
  cell.reasoning += usage.reasoningTokens;
}

/** Whether the name of the model may be anything at all, so that it must not become a label. */
function isUnknown({ error, trail }: Observation): boolean {
  return error?.kind === 'model_not_found' || (error?.kind === 'invalid_request' && trail.attempts.length === 0);
}
