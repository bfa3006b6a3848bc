import { listWorkspaces, type Workspace } from './workspaces.ts';

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

/** One of the modules that a package lets one import. */
export interface Entry {
  /** `@x/core/testing` */
  readonly specifier: string;
  /** For a file's name: `index`, `testing`. */
  readonly name: string;
  /** The built declarations, relative to the package. */
  readonly types: string;
}

export function entriesOf({ manifest }: Workspace): Entry[] {
  return Object.entries(manifest.exports ?? {})
    .filter(([path]) => path !== './package.json')
    .map(([path, conditions]) => ({
      specifier: manifest.name + path.slice(1),
      name: path === '.' ? 'index' : path.slice(2).replaceAll('/', '-'),
      types: (conditions as { readonly types: string }).types,
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

/** What a package, and those that it cannot do without, work with where it is there: ranges by name. */
export function optionalPeersOf(workspace: Workspace): Readonly<Record<string, string>> {
  const peers = closureOf(workspace).flatMap(({ manifest }) =>
    Object.entries(manifest.peerDependencies ?? {}).filter(
      ([name]) => manifest.peerDependenciesMeta?.[name]?.optional === true,
    ),
  );
  return Object.fromEntries(peers);
}
