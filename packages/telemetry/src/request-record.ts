import {
  formatTarget,
  type AttemptRecord,
  type Dialect,
  type ErrorKind,
  type FinishReason,
  type Settlement,
  type Target,
  type Trail,
  type Usage,
} from '@x/core';
import { clientRetryOf } from './client-retry.ts';
import type { Observation } from './observation.ts';

/** One upstream call in a {@link RequestRecord}. */
export interface AttemptSummary {
  /** `provider/model` */
  readonly target: string;
  /** The name of the key. */
  readonly key: string | undefined;
  readonly outcome: 'ok' | ErrorKind;
  /** The provider's HTTP status, where it answered. */
  readonly status: number | undefined;
  /** Milliseconds from the beginning of the request to that of the call. */
  readonly afterMs: number;
  /** Milliseconds until the answer was there; for a stream, until its first content. */
  readonly ms: number;
}

/** One request, as one line of a log. Plain data. No key values, no bodies, no messages of providers. */
export interface RequestRecord {
  readonly id: string;
  /** Epoch milliseconds at which it came. */
  readonly at: number;
  /** Whom it was for: the id of a virtual key. */
  readonly tenant: string | undefined;
  readonly dialect: Dialect;
  /** `provider/model` that the caller asked for. */
  readonly requested: string;
  /** `provider/model` that answered. */
  readonly served: string | undefined;
  /** Everyone whose words are in the answer, where a stream broke and others went on. Empty otherwise. */
  readonly contributors: readonly string[];
  readonly outcome: Settlement['outcome'];
  /** What failed, if anything did. */
  readonly kind: ErrorKind | undefined;
  /** The stable code of the error. */
  readonly code: string | undefined;
  /** HTTP status that a caller gets for it. A stream that broke had said 200. */
  readonly status: number;
  readonly stream: boolean;
  /** Which retry of its client's own it was; 0 for a first try. */
  readonly clientRetry: number;
  readonly finishReason: FinishReason | undefined;
  readonly attempts: readonly AttemptSummary[];
  /** How often the request went on to another target, as far as calls show. */
  readonly fallbacks: number;
  /** Milliseconds that layers waited on purpose. */
  readonly waitedMs: number;
  /** Milliseconds to the first content; for a whole answer, to all of it. */
  readonly firstContentMs: number | undefined;
  /** Milliseconds to the end. */
  readonly totalMs: number;
  /** Milliseconds in the layers until the answer began: neither upstream nor waiting. */
  readonly ownMs: number;
  readonly usage: Usage | undefined;
  /** Of the answer, where its price is known. */
  readonly costUsd: number | undefined;
  /** The same, exactly: whole nano-USD. */
  readonly costNanoUsd: number | undefined;
}

export function createRecord(observation: Observation): RequestRecord {
  const { request, context, trail, startedAt, committedAt, endedAt, response, error, outcome } = observation;
  return {
    id: context.id,
    at: Math.floor(startedAt),
    tenant: observation.tenant,
    dialect: request.dialect,
    requested: formatTarget(request.target),
    served: response && formatTarget(response.target),
    contributors: trail.contributors.map(formatTarget),
    outcome,
    kind: error?.kind,
    code: error?.code,
    status: observation.status,
    stream: request.stream,
    clientRetry: clientRetryOf(request.headers),
    finishReason: response?.finishReason,
    attempts: trail.attempts.map((attempt) => summarize(attempt, startedAt)),
    fallbacks: countFallbacks(request.target, trail),
    waitedMs: round(trail.waitedMs),
    firstContentMs: response && round(committedAt - startedAt),
    totalMs: round(endedAt - startedAt),
    ownMs: round(observation.ownMs),
    usage: response?.usage,
    costUsd: trail.costNanoUsd === undefined ? undefined : trail.costNanoUsd / 1e9,
    costNanoUsd: trail.costNanoUsd,
  };
}

function summarize(
  { target, key, outcome, status, startedAt, durationMs }: AttemptRecord,
  start: number,
): AttemptSummary {
  return {
    target: formatTarget(target),
    key,
    outcome,
    status,
    afterMs: round(startedAt - start),
    ms: round(durationMs),
  };
}

function countFallbacks(requested: Target, { attempts }: Trail): number {
  let at = requested;
  let moves = 0;
  for (const { target } of attempts) {
    if (target.provider === at.provider && target.model === at.model) continue;
    at = target;
    moves += 1;
  }
  return moves;
}

/** To microseconds: a log line needs no more digits. */
function round(ms: number): number {
  return Math.round(ms * 1_000) / 1_000;
}
