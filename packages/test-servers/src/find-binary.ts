import { accessSync, constants, globSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Where Debian puts what is not on the path: one folder per version. */
const POSTGRES_FOLDERS = '/usr/lib/postgresql/*/bin';

/** The path of an installed program; undefined where there is none. */
export function findBinary(name: string): string | undefined {
  const onPath = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return [...onPath, ...newestFirst(globSync(POSTGRES_FOLDERS))]
    .map((folder) => join(folder, name))
    .find((path) => isExecutable(path));
}

function newestFirst(folders: readonly string[]): string[] {
  return folders.toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
