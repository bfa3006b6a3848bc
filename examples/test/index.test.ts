import { dirname, join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { PAGES } from './pages.ts';

const INDEX = 'docs/README.md';
const index = PAGES.find(({ path }) => path === INDEX)?.text ?? '';

test.each(PAGES.filter(({ path }) => path.startsWith('docs/') && path !== INDEX))(
  '$path stands in the index',
  ({ path }) => {
    expect(index).toContain(`](${relative(dirname(INDEX), join(path))})`);
  },
);
