import { holds, type Bound } from '../bounds/bound.ts';
import { goodput, otherFailures, seen429s, shares, upstream429s, waitMs } from '../bounds/measures.ts';
import type { RunRecord } from '../run/records.ts';
import type { Scenario } from '../scenario.ts';
import { seriesOf, type Series } from './series.ts';

/** What is printed of one run. Plain data, so that it can cross from a worker. */
export interface Summary {
  readonly scenario: string;
  readonly contender: string;
  readonly requests: number;
  readonly calls: number;
  readonly goodput: number;
  readonly upstream429s: number;
  readonly seen429s: number;
  readonly otherFailures: number;
  readonly hung: number;
  readonly waitP50: number;
  readonly waitP99: number;
  /** Of the calls to the first target's provider, in the order of its keys. */
  readonly shares: readonly (readonly [string, number])[];
  /** Of ours alone. */
  readonly bounds: readonly CheckedBound[];
  readonly series: Series;
}

export type CheckedBound = Omit<Bound, 'value'> & { readonly value: number; readonly holds: boolean };

export function summarize(scenario: Scenario, run: RunRecord, bounds: readonly CheckedBound[]): Summary {
  const provider = scenario.chain[0].slice(0, scenario.chain[0].indexOf('/'));
  const names = scenario.fleet[provider]?.keys.map(({ name }) => name) ?? [];
  const found = shares(run, provider);
  return {
    scenario: scenario.name,
    contender: run.contender,
    requests: run.requests.length + run.hung,
    calls: run.calls.length,
    goodput: goodput(run),
    upstream429s: upstream429s(run),
    seen429s: seen429s(run),
    otherFailures: otherFailures(run),
    hung: run.hung,
    waitP50: waitMs(run, 0.5),
    waitP99: waitMs(run, 0.99),
    shares: names.map((name) => [name, found.get(name) ?? 0] as const),
    bounds,
    series: seriesOf(run),
  };
}

export function check(scenario: Scenario, run: RunRecord, comparison: RunRecord | undefined): readonly CheckedBound[] {
  return scenario.bounds.map((bound) => {
    const value = bound.value({ run, comparison });
    return { ...bound, value, holds: holds(bound, value) };
  });
}
