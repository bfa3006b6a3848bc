import { basename } from 'node:path';
import { listWorkspaces, type Workspace } from '../workspaces.ts';

/**
 * Packages with server parts: they open sockets, read files or take addresses apart. Any other package must work in a browser and
 * on Bun too.
 */
const SERVER_PARTS: ReadonlySet<string> = new Set([
  '@x/config',
  '@x/gateway',
  '@x/governance',
  '@x/providers',
  '@x/sdk',
  '@x/simulator',
  '@x/store',
]);

/** Workspaces that go to the registry. */
export function publishedWorkspaces(): Workspace[] {
  return listWorkspaces().filter(({ manifest, directory }) => manifest.private !== true && directory !== 'examples');
}

export function hasServerParts({ manifest }: Workspace): boolean {
  return SERVER_PARTS.has(manifest.name);
}

/** Names of what one has to import, each with what stands for it in a file name: `@x/core` as `index`, `@x/core/testing` as `testing`. */
export function entriesOf({ manifest }: Workspace): { readonly specifier: string; readonly name: string }[] {
  return Object.keys(manifest.exports ?? {})
    .filter((path) => path !== './package.json')
    .map((path) => ({
      specifier: manifest.name + path.slice(1),
      name: path === '.' ? 'index' : basename(path),
    }));
}

/** The workspace and all others that it cannot do without, itself first. */
export function closureOf(workspace: Workspace, all: readonly Workspace[] = listWorkspaces()): Workspace[] {
  const found = new Set([workspace]);
  for (const { manifest } of found) {
    for (const name of Object.keys(manifest.dependencies ?? {})) {
      const needed = all.find((other) => other.manifest.name === name);
      if (needed !== undefined) found.add(needed);
    }
  }
  return [...found];
}
