import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { optionsOf, optionsTable } from './options-table.ts';

const MARKED = /(?<=^<!-- options (?<name>\w+) (?<file>\S+) -->\n).*?(?=^<!-- \/options -->$)/gms;

/** A page with its tables of options as the sources have them now: each between `<!-- options NAME FILE -->` and `<!-- /options -->`. */
export function fillTables(page: string, path: string): string {
  return page.replaceAll(MARKED, (...match) => {
    const { name = '', file = '' } = match.at(-1) as Partial<Record<string, string>>;
    const source = join(dirname(path), file);
    try {
      return `\n${optionsTable(optionsOf(readFileSync(source, 'utf8'), name))}\n\n`;
    } catch (cause) {
      throw new Error(`${path}: options ${name} ${file}: ${String(cause)}`, { cause });
    }
  });
}
