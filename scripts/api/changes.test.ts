import { expect, test } from 'vitest';
import { unannounced } from './changes.ts';

const NAMES = new Map([
  ['packages/core', '@x/core'],
  ['packages/backoff', '@x/backoff'],
  ['apps/sdk', '@x/sdk'],
]);
const missing = (files: string[], changesets: string[] = []) =>
  unannounced({ files, changesets }, (directory) => NAMES.get(directory));

test('a package whose surface has changed needs a changeset that names it', () => {
  const files = ['packages/core/api/index.md', 'packages/core/api/testing.md', 'apps/sdk/api/index.md'];
  expect(missing(files)).toEqual(['@x/core', '@x/sdk']);
  expect(missing(files, ["---\n'@x/core': minor\n---\n\nSays '@x/sdk': too.\n"])).toEqual(['@x/sdk']);
  expect(missing(files, ['---\n"@x/core": minor\n@x/sdk: patch\n---\n\nBoth.\n'])).toEqual([]);
});

test('other changes, and packages that are gone, need none', () => {
  expect(missing(['packages/core/src/index.ts', 'packages/core/README.md', 'packages/gone/api/index.md'])).toEqual([]);
});
