import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROOT } from '../workspaces.ts';

const TEMPLATES = fileURLToPath(new URL('templates', import.meta.url));

/** Writes a template with `__name__` and the like filled in. A blank that nobody fills is an error. */
export function fill(template: string, to: string, blanks: Readonly<Record<string, string>>): void {
  const text = readFileSync(join(TEMPLATES, `${template}.tmpl`), 'utf8');
  const filled = text.replace(/__(UPPER|[A-Za-z]+?)__/g, (_, blank: string) => {
    const value = blanks[blank];
    if (value === undefined) throw new Error(`${template}: nothing for __${blank}__`);
    return value;
  });
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, filled, { flag: 'wx' });
}

/** Changes a file in one place, which must be there. */
export function editFile(path: string, place: RegExp, replacement: (match: string) => string): void {
  const before = readFileSync(path, 'utf8');
  const after = before.replace(place, replacement);
  if (after === before) throw new Error(`${path}: no place for the new entry (${String(place)})`);
  writeFileSync(path, after);
}

/** Where lines break depends on how long the names are. */
export function format(root: string, ...paths: readonly string[]): void {
  const oxfmt = join(ROOT, 'node_modules/oxfmt/bin/oxfmt');
  execFileSync(process.execPath, [oxfmt, ...paths], { cwd: root, stdio: 'ignore' });
}
