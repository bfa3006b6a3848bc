import { FAULTS, type FaultDescription } from '@x/simulator';
import type { CallerDialect } from './caller.ts';
import { SETTINGS, type Cell } from './run-cell.ts';

/** Every dialect in which a fault is met: both where it may strike any provider, else the one of that provider. */
export function dialectsOf({ provider }: FaultDescription): readonly CallerDialect[] {
  if (provider === undefined) return ['openai', 'anthropic'];
  return provider === 'anthropic' ? ['anthropic', 'openai'] : ['openai'];
}

export function cellsOf(fault: FaultDescription): Cell[] {
  return dialectsOf(fault).flatMap((dialect) =>
    SETTINGS.flatMap((setting) => [false, true].map((stream) => ({ fault, dialect, stream, setting }))),
  );
}

export const CELLS: readonly Cell[] = FAULTS.flatMap(cellsOf);
