import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../workspaces.ts';
import { runAsPage } from './browser.ts';
import { failedImports, importAll, tsconfig, useAll } from './consumer.ts';
import { installAlone, type Project } from './project.ts';
import { closureOf, entriesOf, hasServerParts, publishedWorkspaces } from '../published.ts';
import { run } from './run.ts';
import { BUN, NODES, noRegistry, noRuntimes } from './runtimes.ts';
import { sampleOf } from './sample.ts';

// The package in whose folder this was started, as its users get it: in an empty project, with nothing else.
const here = relative(ROOT, process.cwd()).replaceAll('\\', '/');
const workspace = publishedWorkspaces().find(({ directory }) => directory === here);
if (workspace === undefined) throw new Error(`${here} is no package that is published: run its test:install`);

const { manifest } = workspace;
const specifiers = entriesOf(workspace).map(({ specifier }) => specifier);
const isForServers = hasServerParts(workspace);
/** Packages without server parts work where there is no server. */
const anywhere = isForServers ? [] : [manifest.name];
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');

let project: Project;
/** The same, or another one with the optional peers that the sample is in need of. */
let withSample: Project;

/** The end of a suite's name, where `npm test` looks for what was not run and why. */
const because = (reason: string | undefined) => (reason === undefined ? '' : ` [not run: ${reason}]`);

beforeAll(async () => {
  if (noRegistry() !== undefined) return;
  project = await installAlone(workspace);
  project.write('import.mjs', importAll(specifiers));
  project.write('all.ts', useAll(specifiers));
  const { code, peers } = sampleOf(workspace);
  withSample = peers.length === 0 ? project : await installAlone(workspace, peers);
  withSample.write('sample.ts', code);
});
afterAll(() => {
  project?.remove();
  withSample?.remove();
});

describe.skipIf(noRegistry())(`${manifest.name}, installed alone${because(noRegistry())}`, () => {
  test('brings in nothing but what its manifest names', () => {
    const installed = project.installed();
    const needed = closureOf(workspace).map((other) => other.manifest.name);
    expect(installed.filter((name) => name.startsWith('@x/')).toSorted()).toEqual(needed.toSorted());
    expect(installed.toSorted()).toEqual(project.brought().toSorted());
    const peers = Object.entries(manifest.peerDependenciesMeta ?? {}).filter(([, { optional }]) => optional === true);
    for (const [peer] of peers) expect(installed).not.toContain(peer);
  });

  test('has its licence and no tests in it, and nothing of the repository around it', () => {
    expect(project.files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'dist/index.js', 'dist/index.d.ts']));
    expect(project.files.filter((path) => /\.test\b|\.test-d\b|tsconfig|\.results/.test(path))).toEqual([]);
    for (let folder = dirname(project.directory); folder !== dirname(folder); folder = dirname(folder)) {
      expect(existsSync(join(folder, 'node_modules')), `${folder} must have no node_modules`).toBe(false);
    }
  });

  test.for(['node16', 'bundler'] as const)('is typed, with moduleResolution %s', async (moduleResolution) => {
    withSample.write('all.ts', useAll(specifiers));
    withSample.write('tsconfig.json', tsconfig(moduleResolution, isForServers));
    await run(process.execPath, [TSC, '-p', '.'], withSample.directory);
  });

  test.for(anywhere)('works in a browser', async (_name) => {
    expect(await runAsPage('all.ts', project.directory)).toEqual([]);
    expect(await runAsPage('sample.ts', withSample.directory), 'what the sample logs').not.toEqual([]);
  });
});

describe.skipIf(noRuntimes())(`${manifest.name}, on other runtimes${because(noRuntimes())}`, () => {
  test.for(NODES)('works on Node $version', async ({ version, path }) => {
    expect((await run(path, ['--version'], project.directory)).trim()).toBe(`v${version}`);
    expect(failedImports(await run(path, ['import.mjs'], project.directory), manifest)).toEqual([]);
    await run(path, ['--disable-warning=ExperimentalWarning', 'sample.ts'], withSample.directory);
  });

  test.for(anywhere)('works on Bun', async (_name) => {
    expect(failedImports(await run(BUN, ['import.mjs'], project.directory), manifest)).toEqual([]);
    await run(BUN, ['sample.ts'], withSample.directory);
  });
});
