import type { ErrorKind } from '@x/core';
import type { Arrival } from '../arrivals/arrivals.ts';

/** One upstream call, as the provider saw it. Milliseconds count from the beginning of the run. */
export interface CallRecord {
  readonly at: number;
  readonly provider: string;
  readonly key: string;
  /** 0 where the caller gave up before the answer. */
  readonly status: number;
}

/** One request, as its caller saw it. Milliseconds count from the beginning of the run. */
export interface RequestRecord {
  readonly arrival: Arrival;
  readonly outcome: 'answered' | ErrorKind;
  /** When the last upstream call for it began. */
  readonly servedAt: number | undefined;
  readonly endedAt: number;
  /** Of a refusal. */
  readonly retryAfterMs: number | undefined;
}

/** All that happened in one run of a scenario, and what could have. */
export interface RunRecord {
  readonly contender: string;
  /** How long requests arrived. */
  readonly seconds: number;
  readonly requests: readonly RequestRecord[];
  readonly calls: readonly CallRecord[];
  /** Requests that were neither answered nor refused. */
  readonly hung: number;
  /** When each request could have been served, by arrival. */
  readonly ideal: readonly (number | undefined)[];
  /** The same by the first target's keys alone. */
  readonly idealOfFirst: readonly (number | undefined)[];
}
