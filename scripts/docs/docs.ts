// npm run docs: writes the tables of options into the pages that want them. With --check it writes nothing, and fails where a table
// is not as the sources have it now. In both cases, where a link leads nowhere.
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../workspaces.ts';
import { deadLinks } from './dead-links.ts';
import { fillTables } from './fill-tables.ts';

const check = process.argv.includes('--check');
const pages = globSync(
  ['*.md', 'docs/**/*.md', '{packages,apps}/*/README.md', 'examples/README.md', '.changeset/*.md'],
  {
    cwd: ROOT,
  },
);
const problems: string[] = [];

for (const name of pages.toSorted()) {
  const path = join(ROOT, name);
  const page = readFileSync(path, 'utf8');
  for (const link of deadLinks(page, path)) problems.push(`${name}: nothing is at ${link}`);
  const filled = fillTables(page, path);
  if (filled === page) continue;
  if (check) problems.push(`${name}: a table of options is out of date: npm run docs`);
  else writeFileSync(path, filled);
}

for (const problem of problems) {
  process.stderr.write(`${problem}\n`);
}
process.exitCode = problems.length > 0 ? 1 : 0;
