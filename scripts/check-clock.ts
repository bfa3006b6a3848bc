// `new Date()` without an argument reads the wall clock. The linter forbids the other ways; this one it cannot express.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { listSources, listWorkspaces, ROOT } from './workspaces.ts';

const WALL_CLOCK = /^(?!\s*(?:\/\/|\*)).*\bnew Date(?:\(\s*\)|(?!\s*[(\w.]))/;

const problems = listWorkspaces()
  .filter(({ directory }) => /^(?:packages|apps)\//.test(directory))
  .flatMap(listSources)
  .filter((file) => !basename(file).includes('clock'))
  .flatMap((file) =>
    readFileSync(join(ROOT, file), 'utf8')
      .split('\n')
      .flatMap((line, index) => (WALL_CLOCK.test(line) ? [`${file}:${index + 1}: use context.clock.now()`] : [])),
  );

for (const problem of problems) {
  process.stderr.write(`${problem}\n`);
}
process.exitCode = problems.length > 0 ? 1 : 0;
