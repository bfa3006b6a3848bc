import type { CheckedBound, Summary } from './summary.ts';

const percent = (share: number, digits = 1) => `${(100 * share).toFixed(digits)} %`;
const count = (value: number) => value.toLocaleString('en');

/** 350 ms, 2.4 s. */
function duration(ms: number): string {
  if (Number.isNaN(ms)) return 'none';
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

export const RUN_HEAD = [
  'way',
  'goodput',
  '429s upstream',
  '429s to callers',
  'other failures',
  'wait p50',
  'wait p99',
  'hung',
  'shares of keys',
] as const;

/** The cells of one run, under {@link RUN_HEAD}. */
export function runCells(summary: Summary): readonly string[] {
  const { contender, goodput, upstream429s, seen429s, otherFailures, waitP50, waitP99, hung, shares } = summary;
  return [
    contender,
    percent(goodput),
    percent(upstream429s, 2),
    count(seen429s),
    count(otherFailures),
    duration(waitP50),
    duration(waitP99),
    count(hung),
    shares.map(([, share]) => Math.round(100 * share)).join(' / '),
  ];
}

export const BOUND_HEAD = ['bound', 'must be', 'is', ''] as const;

/** The cells of one bound, under {@link BOUND_HEAD}. */
export function boundCells({ name, side, limit, value, unit, holds }: CheckedBound): readonly string[] {
  return [name, `${side} ${figure(limit, unit)}`, figure(value, unit, 2), holds ? 'pass' : 'FAIL'];
}

function figure(value: number, unit: CheckedBound['unit'], digits?: number): string {
  const shown = (number: number) => (digits === undefined ? String(Number(number.toFixed(3))) : number.toFixed(digits));
  switch (unit) {
    case 'share':
      return `${shown(100 * value)} %`;
    case 'count':
      return count(value);
    case 'points':
      return `${shown(value)} points`;
    case 'times':
      return `${shown(value)} times`;
  }
}
