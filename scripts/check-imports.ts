// Arrows point one way: apps -> packages -> core. Checks every import of one workspace by another, and that it is declared.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listSources, listWorkspaces, ROOT, type Workspace } from './workspaces.ts';

/** What only tests may import: servers and providers to test against. */
const FOR_TESTS = ['@x/simulator', '@x/test-servers'];

/** What each package may import besides itself and `@x/core`; its tests may also import what is {@link FOR_TESTS}. */
const EXTRA_IMPORTS: Record<string, 'none' | 'any package' | readonly string[]> = {
  backoff: 'none',
  cache: 'none',
  catalog: 'none',
  config: 'any package',
  core: 'none',
  fallback: 'none',
  governance: ['store'],
  keypool: 'none',
  providers: 'none',
  simulator: 'none',
  store: 'none',
  streams: 'none',
  telemetry: 'none',
  'test-servers': 'none',
};

const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*['"](@x\/[\w-]+)/g;

const workspaces = listWorkspaces();
const directoryOf = new Map(workspaces.map(({ manifest, directory }) => [manifest.name, directory]));
const problems = workspaces.flatMap((workspace) =>
  listSources(workspace).flatMap((file) => checkFile(workspace, file)),
);

for (const problem of problems) {
  process.stderr.write(`${problem}\n`);
}
process.exitCode = problems.length > 0 ? 1 : 0;

function checkFile(workspace: Workspace, file: string): string[] {
  const isTest = /\.test(?:-d)?\.tsx?$/.test(file);
  const imported = new Set([...readFileSync(join(ROOT, file), 'utf8').matchAll(IMPORT)].map((match) => match[1] ?? ''));
  return [...imported]
    .map((name) => forbidden(workspace, name, isTest) ?? undeclared(workspace, name, isTest))
    .filter((problem) => problem !== undefined)
    .map((problem) => `${file}: ${problem}`);
}

function forbidden({ directory, manifest }: Workspace, name: string, isTest: boolean): string | undefined {
  const target = directoryOf.get(name);
  if (target === undefined) return `${name} is not a workspace`;
  if (name === manifest.name) return undefined;
  if (directory === 'examples' || directory === 'apps/acceptance') return undefined;
  if (target.startsWith('apps/')) return `${name} is an app: only examples and acceptance tests may import it`;
  if (directory.startsWith('apps/')) return undefined;
  if (name === '@x/config') return 'no package may import @x/config';

  const extra = EXTRA_IMPORTS[directory.replace('packages/', '')];
  if (extra === undefined) return `${directory} has no entry in scripts/check-imports.ts`;
  const listed = typeof extra === 'object' && extra.includes(name.replace('@x/', ''));
  const allowed = name === '@x/core' || extra === 'any package' || listed || (isTest && FOR_TESTS.includes(name));
  return allowed && directory !== 'packages/core' ? undefined : `${manifest.name} may not import ${name}`;
}

function undeclared({ manifest }: Workspace, name: string, isTest: boolean): string | undefined {
  const declared = {
    ...manifest.dependencies,
    ...manifest.peerDependencies,
    ...(isTest ? manifest.devDependencies : {}),
  };
  return name in declared || name === manifest.name
    ? undefined
    : `${name} is not in the dependencies of ${manifest.name}`;
}
