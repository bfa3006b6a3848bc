// A package whose surface differs from the base branch needs a changeset that names it.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unannounced } from './api/changes.ts';
import { publishedWorkspaces } from './published.ts';
import { ROOT } from './workspaces.ts';

const BASES = ['origin/main', 'main'];

const base = BASES.map((branch) => git('merge-base', 'HEAD', branch)).find((commit) => commit !== undefined);
if (base === undefined) {
  process.stdout.write('Not run: changesets for changed surfaces. There is no branch main to compare with.\n');
} else {
  check(base);
}

function check(since: string): void {
  const lines = (...args: string[]) => (git(...args) ?? '').split('\n').filter((line) => line !== '');
  // The files as they are now, those that git does not know yet among them.
  const files = [...lines('diff', '--name-only', since), ...lines('ls-files', '--others', '--exclude-standard')];
  const changesets = files
    .filter((file) => /^\.changeset\/[\w-]+\.md$/.test(file) && existsSync(join(ROOT, file)))
    .map((file) => readFileSync(join(ROOT, file), 'utf8'));
  const names = new Map(publishedWorkspaces().map(({ directory, manifest }) => [directory, manifest.name]));
  for (const name of unannounced({ files, changesets }, (directory) => names.get(directory))) {
    process.stderr.write(`${name}: what one can import has changed, and no changeset names it: npx changeset\n`);
    process.exitCode = 1;
  }
}

function git(...args: string[]): string | undefined {
  try {
    return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}
