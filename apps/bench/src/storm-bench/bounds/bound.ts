import type { RunRecord } from '../run/records.ts';

/** What a bound looks at: the run, and the second one where the scenario has one. */
interface Measured {
  readonly run: RunRecord;
  readonly comparison: RunRecord | undefined;
}

/** One figure that ours must reach. */
export interface Bound {
  readonly name: string;
  readonly value: (measured: Measured) => number;
  readonly limit: number;
  readonly side: 'at least' | 'at most';
  /** @default 'share' */
  readonly unit: 'share' | 'count' | 'points' | 'times';
}

type Measure = Bound['value'];

export function atLeast(limit: number, name: string, value: Measure, unit: Bound['unit'] = 'share'): Bound {
  return { name, value, limit, side: 'at least', unit };
}

export function atMost(limit: number, name: string, value: Measure, unit: Bound['unit'] = 'share'): Bound {
  return { name, value, limit, side: 'at most', unit };
}

export function holds({ limit, side }: Bound, value: number): boolean {
  return side === 'at least' ? value >= limit : value <= limit;
}
