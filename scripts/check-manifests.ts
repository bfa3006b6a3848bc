// Every package that is published says in its manifest what all of them say, and carries the licence. `--fix` writes what it can.
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifestProblems, STANDARD, STANDARD_SCRIPTS } from './manifests/standard.ts';
import { publishedWorkspaces } from './published.ts';
import { ROOT, type Manifest, type Workspace } from './workspaces.ts';

const LICENSE = join(ROOT, 'LICENSE');
const isFixing = process.argv.includes('--fix');

for (const workspace of publishedWorkspaces()) {
  if (isFixing) fix(workspace);
  for (const problem of problemsOf(workspace)) {
    process.stderr.write(`${workspace.directory}: ${problem}\n`);
    process.exitCode = 1;
  }
}

function problemsOf({ directory }: Workspace): string[] {
  const copy = join(ROOT, directory, 'LICENSE');
  const hasLicense = existsSync(copy) && readFileSync(copy, 'utf8') === readFileSync(LICENSE, 'utf8');
  const missing = hasLicense ? [] : ['LICENSE must be a copy of the one at the root'];
  return [...manifestProblems(read(directory), directory), ...missing];
}

function fix({ directory }: Workspace): void {
  const manifest = read(directory);
  const fixed = { ...manifest, ...STANDARD, scripts: { ...(manifest['scripts'] as object), ...STANDARD_SCRIPTS } };
  writeFileSync(join(ROOT, directory, 'package.json'), `${JSON.stringify(fixed, null, 2)}\n`);
  copyFileSync(LICENSE, join(ROOT, directory, 'LICENSE'));
}

function read(directory: string): Manifest & Record<string, unknown> {
  return JSON.parse(readFileSync(join(ROOT, directory, 'package.json'), 'utf8')) as Manifest & Record<string, unknown>;
}
