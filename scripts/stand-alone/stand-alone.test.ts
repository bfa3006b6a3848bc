import { existsSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, type TestContext } from 'vitest';
import { ROOT } from '../workspaces.ts';
import { runAsPage } from './browser.ts';
import { failedImports, importAll, tsconfig, useAll } from './consumer.ts';
import { installAlone, type Project } from './project.ts';
import { closureOf, entriesOf, hasServerParts, publishedWorkspaces } from './published.ts';
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
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');

let project: Project;

function skipIf(reason: string | undefined, context: TestContext): void {
  if (reason === undefined) return;
  process.stderr.write(`${manifest.name}: ${context.task.name}: ${reason}\n`);
  context.skip(reason);
}

beforeAll(async () => {
  if (noRegistry() !== undefined) return;
  project = await installAlone(workspace);
  project.write('sample.ts', sampleOf(workspace));
  project.write('import.mjs', importAll(specifiers));
  project.write('all.ts', useAll(specifiers));
});
afterAll(() => project?.remove());

describe(`${manifest.name}, installed alone`, () => {
  test('brings in nothing but what its manifest names', (context) => {
    skipIf(noRegistry(), context);
    const installed = project.installed();
    const needed = closureOf(workspace).map((other) => other.manifest.name);
    expect(installed.filter((name) => name.startsWith('@x/')).toSorted()).toEqual(needed.toSorted());
    const others = closureOf(workspace).flatMap((other) => Object.keys(other.manifest.dependencies ?? {}));
    if (others.every((name) => name.startsWith('@x/'))) expect(installed.toSorted()).toEqual(needed.toSorted());
    const peers = Object.entries(manifest.peerDependenciesMeta ?? {}).filter(([, { optional }]) => optional === true);
    for (const [peer] of peers) expect(installed).not.toContain(peer);
  });

  test('has its licence and no tests in it, and nothing of the repository around it', (context) => {
    skipIf(noRegistry(), context);
    expect(project.files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'dist/index.js', 'dist/index.d.ts']));
    expect(project.files.filter((path) => /\.test\b|\.test-d\b|tsconfig|\.results/.test(path))).toEqual([]);
    for (let folder = dirname(project.directory); folder !== dirname(folder); folder = dirname(folder)) {
      expect(existsSync(join(folder, 'node_modules')), `${folder} must have no node_modules`).toBe(false);
    }
  });

  test.for(['node16', 'bundler'] as const)('is typed, with moduleResolution %s', async (resolution, context) => {
    skipIf(noRegistry(), context);
    project.write('tsconfig.json', tsconfig(resolution, isForServers));
    await run(process.execPath, [TSC, '-p', '.'], project.directory);
  });

  test.for(NODES)('works on Node $version', async ({ version, path }, context) => {
    skipIf(noRuntimes(), context);
    expect((await run(path, ['--version'], project.directory)).trim()).toBe(`v${version}`);
    expect(failedImports(await run(path, ['import.mjs'], project.directory), manifest)).toEqual([]);
    await run(path, ['--disable-warning=ExperimentalWarning', 'sample.ts'], project.directory);
  });
});

if (!isForServers) {
  describe(`${manifest.name}, which is not for servers alone`, () => {
    test('works in a browser', async (context) => {
      skipIf(noRegistry(), context);
      const { directory } = project;
      const expected = (await run(process.execPath, ['sample.ts'], directory))
        .split('\n')
        .filter((line) => line !== '');
      expect(await runAsPage('all.ts', directory)).toEqual([]);
      expect(await runAsPage('sample.ts', directory)).toHaveLength(expected.length);
    });

    test('works on Bun', async (context) => {
      skipIf(noRuntimes(), context);
      expect(failedImports(await run(BUN, ['import.mjs'], project.directory), manifest)).toEqual([]);
      await run(BUN, ['sample.ts'], project.directory);
    });
  });
}
