import type { RunRecord } from '../run/records.ts';

/** Per second, in steps of {@link STEP_SECONDS}. */
export interface Series {
  readonly arrived: readonly number[];
  readonly ideal: readonly number[];
  readonly answered: readonly number[];
  readonly refused429s: readonly number[];
}

export const STEP_SECONDS = 5;

export function seriesOf({ requests, ideal, calls, seconds }: RunRecord): Series {
  const steps = Math.ceil(seconds / STEP_SECONDS);
  const count = (times: readonly (number | undefined)[]) => {
    const counts = Array.from({ length: steps }, () => 0);
    for (const at of times) {
      const step = at === undefined ? steps : Math.floor(at / (STEP_SECONDS * 1_000));
      if (step < steps) counts[step] = (counts[step] ?? 0) + 1;
    }
    return counts.map((sum) => sum / STEP_SECONDS);
  };
  return {
    arrived: count(requests.map(({ arrival }) => arrival.at)),
    ideal: count(ideal),
    answered: count(requests.map(({ outcome, servedAt }) => (outcome === 'answered' ? servedAt : undefined))),
    refused429s: count(calls.map(({ status, at }) => (status === 429 ? at : undefined))),
  };
}
