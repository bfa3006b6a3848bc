import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { entriesOf } from '../published.ts';
import type { Workspace } from '../workspaces.ts';
import { sizeOf } from './measure.ts';

/**
 * Bytes by what they are the ceiling of: `@x/fallback` for the package, `@x/core/testing` for an entry of it, `@x/fallback#hedge` for one
 * layer of it.
 */
type Ceilings = Readonly<Record<string, number>>;

const FILE = fileURLToPath(new URL('ceilings.json', import.meta.url));

/** Room to grow in before somebody has to think about it, and the steps in which it is given. */
const ROOM = 1.15;
const STEP = 100;

export interface Measured {
  readonly row: string;
  readonly bytes: number;
  readonly ceiling: number | undefined;
}

/** Every row of a package: those in the table, and one for each entry. */
export async function measure(workspace: Workspace): Promise<Measured[]> {
  const ceilings = readCeilings();
  const { name } = workspace.manifest;
  const rows = new Set([
    ...entriesOf(workspace).map(({ specifier }) => specifier),
    ...Object.keys(ceilings).filter((row) => row === name || row.startsWith(`${name}#`) || row.startsWith(`${name}/`)),
  ]);
  return Promise.all(
    [...rows].map(async (row) => ({ row, bytes: await sizeOf(workspace, row), ceiling: ceilings[row] })),
  );
}

/** What is too large or has no ceiling, in words. */
export async function sizeProblems(workspace: Workspace): Promise<string[]> {
  const measured = await measure(workspace);
  return measured
    .filter(({ bytes, ceiling }) => ceiling === undefined || bytes > ceiling)
    .map(({ row, bytes, ceiling }) =>
      ceiling === undefined
        ? `${row} has ${bytes} bytes and no ceiling: run npm run size -- --add`
        : `${row} has ${bytes} bytes, more than its ceiling of ${ceiling} in scripts/size/ceilings.json`,
    );
}

/** Gives a ceiling to what has none. To raise one is for people, who say why. */
export function addCeilings(measured: readonly Measured[]): void {
  const added = measured.filter(({ ceiling }) => ceiling === undefined);
  const rows = { ...readCeilings(), ...Object.fromEntries(added.map(({ row, bytes }) => [row, roomy(bytes)])) };
  const sorted = Object.entries(rows).toSorted(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(FILE, `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`);
}

function roomy(bytes: number): number {
  return Math.ceil((bytes * ROOM) / STEP) * STEP;
}

function readCeilings(): Ceilings {
  return JSON.parse(readFileSync(FILE, 'utf8')) as Ceilings;
}
