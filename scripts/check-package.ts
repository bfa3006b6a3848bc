// Run in the folder of a package, by its `check:package`: what would be published, as its users and their tools see it.
import { join, relative } from 'node:path';
import { apiChanges } from './api/reports.ts';
import { publishedWorkspaces } from './published.ts';
import { sizeProblems } from './size/ceilings.ts';
import { run } from './stand-alone/run.ts';
import { ROOT } from './workspaces.ts';

const here = relative(ROOT, process.cwd()).replaceAll('\\', '/');
const workspace = publishedWorkspaces().find(({ directory }) => directory === here);
if (workspace === undefined) throw new Error(`${here} is no package that is published`);

const bin = (path: string) => join(ROOT, 'node_modules', path);
const problems = [
  ...(await failureOf(bin('publint/src/cli.js'), ['--strict'])),
  ...(await failureOf(bin('@arethetypeswrong/cli/dist/index.js'), ['--pack', '.', '--profile', 'esm-only'])),
  ...apiChanges(workspace).map((change) => `what one can import has changed: ${change}`),
  ...(await sizeProblems(workspace)),
];
for (const problem of problems) process.stderr.write(`${workspace.manifest.name}: ${problem}\n`);
if (problems.some((problem) => problem.startsWith('what one can import'))) {
  process.stderr.write('If that is meant: npm run api:update, and npx changeset to say what users will notice.\n');
}
process.exitCode = problems.length > 0 ? 1 : 0;

async function failureOf(script: string, args: readonly string[]): Promise<string[]> {
  try {
    await run(process.execPath, [script, ...args], process.cwd());
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}
