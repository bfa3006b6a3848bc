import { dirname, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PAGES } from './pages.ts';

const INDEX = 'docs/README.md';
const index = PAGES.find(({ path }) => path === INDEX)?.text ?? '';

test.each(PAGES.filter(({ path }) => path.startsWith('docs/') && path !== INDEX))(
  '$path stands in the index',
  (page) => {
    expect(index).toContain(`](${relative(dirname(INDEX), page.path)})`);
  },
);

/** What only this repository uses has no layers and no callers. */
const PRIVATE = new Set(['packages/test-servers/README.md', 'apps/bench/README.md', 'apps/acceptance/README.md']);
const readmes = PAGES.filter(({ path }) => /^(?:packages|apps)\//.test(path) && !PRIVATE.has(path));

describe.each(readmes)('$path', ({ text }) => {
  test.each(['Errors', 'Events', 'Place in the order', 'When not to use it'])('says: %s', (heading) => {
    expect(text).toContain(`\n## ${heading}\n`);
  });

  test('begins with what it is for, and ten lines that run', () => {
    expect(text.indexOf('\n```ts\n')).toBeGreaterThan(0);
    expect(/^# @x\/[a-z-]+\n\n\S/.test(text)).toBe(true);
  });
});
