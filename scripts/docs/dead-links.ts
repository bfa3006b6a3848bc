import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** A link or an image of Markdown, not in code. */
const LINK = /!?\[[^\]]*\]\((?<target>[^)\s]+)\)/g;
const CODE = /^```.*?^```|`[^`\n]*`/gms;

/** Links of a page that lead nowhere: to a file that is not there, or to a heading that its page does not have. */
export function deadLinks(page: string, path: string): string[] {
  const targets = [...page.replaceAll(CODE, '').matchAll(LINK)].map((match) => match.groups?.['target'] ?? '');
  return [...new Set(targets)].filter((target) => !/^[a-z]+:/.test(target) && !leadsSomewhere(target, page, path));
}

function leadsSomewhere(target: string, page: string, path: string): boolean {
  const [file = '', anchor] = decodeURI(target).split('#');
  const found = file === '' ? path : join(dirname(path), file);
  if (!existsSync(found)) return false;
  if (anchor === undefined || statSync(found).isDirectory() || !found.endsWith('.md')) return true;
  return anchorsOf(file === '' ? page : readFileSync(found, 'utf8')).has(anchor);
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(page: string): Set<string> {
  const headings = page.replaceAll(/^```.*?^```/gms, '').matchAll(/^#+ (?<text>.+)$/gm);
  return new Set(
    [...headings].map((match) =>
      (match.groups?.['text'] ?? '')
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .trim()
        .replaceAll(' ', '-'),
    ),
  );
}
