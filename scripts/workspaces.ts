import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Manifest {
  readonly name: string;
  readonly version?: string;
  readonly private?: boolean;
  readonly workspaces?: readonly string[];
  readonly scripts?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

export interface Workspace {
  /** Relative to the root, with forward slashes: `packages/core`. */
  readonly directory: string;
  readonly manifest: Manifest;
}

export const ROOT = fileURLToPath(new URL('..', import.meta.url));

export function listWorkspaces(): Workspace[] {
  const patterns = readManifest('package.json').workspaces ?? [];
  return patterns
    .flatMap((pattern) => globSync(`${pattern}/package.json`, { cwd: ROOT }))
    .map((path) => ({ directory: dirname(path).replaceAll('\\', '/'), manifest: readManifest(path) }))
    .toSorted((a, b) => a.directory.localeCompare(b.directory));
}

/** Source files of a workspace, relative to the root. */
export function listSources(workspace: Workspace): string[] {
  const folder = existsSync(join(ROOT, workspace.directory, 'src'))
    ? `${workspace.directory}/src`
    : workspace.directory;
  return globSync(`${folder}/**/*.{ts,tsx}`, { cwd: ROOT, exclude: ['**/node_modules/**', '**/dist/**'] })
    .map((path) => path.replaceAll('\\', '/'))
    .toSorted();
}

function readManifest(path: string): Manifest {
  return JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as Manifest;
}
