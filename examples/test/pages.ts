import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** What people read: its path below the root, and its text. */
export interface Page {
  readonly path: string;
  readonly text: string;
}

/** A fenced block of a page. */
export interface Block {
  /** The page and the line that the block begins at, as an editor opens it. */
  readonly name: string;
  /** The page and which block of its kind it is, for a name of a file. */
  readonly slug: string;
  readonly text: string;
}

const paths = globSync(['*.md', '{packages,apps}/*/README.md', 'examples/README.md', 'docs/**/*.md'], { cwd: ROOT });

export const PAGES: readonly Page[] = paths
  .toSorted()
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }));

/** All blocks of the pages whose info string is exactly this, such as `ts` or `json gateway`. */
export function blocksOf(info: string): Block[] {
  const fence = new RegExp(`^\`\`\`${info}\\n(.*?)^\`\`\``, 'gms');
  return PAGES.flatMap(({ path, text }) =>
    [...text.matchAll(fence)].map((match, index) => ({
      name: `${path}:${text.slice(0, match.index).split('\n').length}`,
      slug: `${path.replaceAll('/', '-').replace('.md', '')}-${index + 1}`,
      text: match[1] ?? '',
    })),
  );
}
