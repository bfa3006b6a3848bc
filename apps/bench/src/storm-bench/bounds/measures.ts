import { policyOf } from '@x/core';
import { quantile } from '../../table.ts';
import type { FleetKey } from '../fleet.ts';
import type { CallRecord, RequestRecord, RunRecord } from '../run/records.ts';

/** A part of a run, in seconds from its beginning. */
export interface Span {
  readonly fromSeconds?: number;
  readonly untilSeconds?: number;
}

const WHOLE: Span = {};

function within({ fromSeconds = 0, untilSeconds = Infinity }: Span, at: number | undefined): boolean {
  return at !== undefined && at >= fromSeconds * 1_000 && at < untilSeconds * 1_000;
}

/**
 * Requests answered, by the time at which the answering call began, as a share of what could have been. While requests
 * arrive, unless another span is given: what is served after the last arrival only shows how the run ends.
 */
export function goodput({ requests, ideal, seconds }: RunRecord, span: Span = { untilSeconds: seconds }): number {
  let answered = 0;
  for (const { outcome, servedAt } of requests) if (outcome === 'answered' && within(span, servedAt)) answered += 1;
  return answered / countWithin(ideal, span);
}

/** Calls that the first target's keys served, as a share of what they could have. */
export function goodputOfFirst({ calls, idealOfFirst, seconds }: RunRecord, provider: string): number {
  const span = { untilSeconds: seconds };
  const served = calls.filter((call) => call.status === 200 && call.provider === provider && within(span, call.at));
  return served.length / countWithin(idealOfFirst, span);
}

/** Upstream calls, refused ones among them, as a share of what the keys could have served: how right the limits are believed. */
export function callsOfIdeal({ calls, ideal }: RunRecord, span: Span): number {
  return calls.filter(({ at }) => within(span, at)).length / countWithin(ideal, span);
}

function countWithin(times: readonly (number | undefined)[], span: Span): number {
  return times.filter((at) => within(span, at)).length;
}

/** 429s among the upstream calls, as a share. */
export function upstream429s({ calls }: RunRecord, span = WHOLE): number {
  const looked = calls.filter(({ at }) => within(span, at));
  return looked.length === 0 ? 0 : looked.filter(({ status }) => status === 429).length / looked.length;
}

export function count429s(calls: readonly CallRecord[]): number {
  return calls.filter(({ status }) => status === 429).length;
}

/** Refusals that reach a caller as a 429. */
export function seen429s({ requests }: RunRecord): number {
  return requests.filter(({ outcome }) => outcome !== 'answered' && policyOf(outcome).httpStatus === 429).length;
}

export function otherFailures({ requests }: RunRecord): number {
  return requests.filter(({ outcome }) => outcome !== 'answered' && policyOf(outcome).httpStatus !== 429).length;
}

/** Requests without an answer, for whatever reason, as a share. */
export function unanswered({ requests, hung }: RunRecord): number {
  const answered = requests.filter(({ outcome }) => outcome === 'answered').length;
  return 1 - answered / (requests.length + hung);
}

/** Refusals that do not say when to come back, as a share of all refusals for lack of room. */
export function refusalsWithoutTime({ requests }: RunRecord): number {
  const refused = requests.filter(({ outcome }) => outcome === 'rate_limited' || outcome === 'pool_exhausted');
  const silent = refused.filter(({ retryAfterMs = NaN }) => !(retryAfterMs > 0 && retryAfterMs <= 60_000));
  return refused.length === 0 ? 0 : silent.length / refused.length;
}

const AT_ONCE_MS = 1_000;

/** Refusals that came later than at once, so that the caller waited in vain, as a share of all refusals for lack of room. */
export function lateRefusals({ requests }: RunRecord): number {
  const refused = requests.filter(({ outcome }) => outcome === 'rate_limited' || outcome === 'pool_exhausted');
  const late = refused.filter(({ endedAt, arrival }) => endedAt - arrival.at > AT_ONCE_MS);
  return refused.length === 0 ? 0 : late.length / refused.length;
}

/** Milliseconds from the arrival of answered requests to the call that answered them. */
export function waitMs({ requests }: RunRecord, q: number): number {
  const waits = requests.flatMap(({ outcome, servedAt, arrival }) =>
    outcome === 'answered' && servedAt !== undefined ? [Math.max(0, servedAt - arrival.at)] : [],
  );
  return quantile(ascending(waits), q);
}

/** Milliseconds from the arrival of answered requests to their answers. */
export function totalMs(requests: readonly RequestRecord[], q: number): number {
  const answered = requests.filter(({ outcome }) => outcome === 'answered');
  return quantile(ascending(answered.map(({ endedAt, arrival }) => endedAt - arrival.at)), q);
}

/** Calls by key of one provider, as shares. */
export function shares({ calls }: RunRecord, provider: string, span = WHOLE): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  let all = 0;
  for (const call of calls) {
    if (call.provider !== provider || !within(span, call.at)) continue;
    counts.set(call.key, (counts.get(call.key) ?? 0) + 1);
    all += 1;
  }
  return new Map([...counts].map(([key, count]) => [key, count / all]));
}

/** The largest share of a key in any stretch of so many seconds. */
export function peakShare(run: RunRecord, key: { provider: string; name: string }, span: Required<Span>): number {
  const STRETCH_SECONDS = 5;
  let peak = 0;
  for (let at = span.fromSeconds; at < span.untilSeconds; at += STRETCH_SECONDS) {
    const stretch = { fromSeconds: at, untilSeconds: at + STRETCH_SECONDS };
    peak = Math.max(peak, shares(run, key.provider, stretch).get(key.name) ?? 0);
  }
  return peak;
}

function ascending(values: readonly number[]): number[] {
  return values.toSorted((a, b) => a - b);
}

/** How far the share of any key is from its weight, at most. */
export function shareError(run: RunRecord, provider: string, keys: readonly FleetKey[]): number {
  const found = shares(run, provider);
  const all = keys.reduce((sum, { weight = 1 }) => sum + weight, 0);
  return Math.max(...keys.map(({ name, weight = 1 }) => Math.abs((found.get(name) ?? 0) - weight / all)));
}
