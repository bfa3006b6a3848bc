import { expect, test } from 'vitest';
import type { Manifest } from '../workspaces.ts';
import { manifestProblems, STANDARD, STANDARD_SCRIPTS } from './standard.ts';

const RIGHT = {
  name: '@x/right',
  version: '1.0.0',
  description: 'Is right.',
  ...STANDARD,
  files: ['dist', 'src', '!src/**/*.test.ts', '!src/**/*.test-d.ts'],
  exports: {
    '.': { '@x/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' },
    './package.json': './package.json',
  },
  scripts: STANDARD_SCRIPTS,
} satisfies Manifest & Record<string, unknown>;

const problems = (change: object) => manifestProblems({ ...RIGHT, ...change }, 'packages/right');

test.each<[string, object, string[]]>([
  ['nothing', {}, []],
  ['another licence', { license: 'MIT' }, ['license must be "Apache-2.0"']],
  ['no provenance', { publishConfig: undefined }, ['publishConfig must be {"access":"public","provenance":true}']],
  ['no description', { description: '' }, ['description must be a sentence']],
  [
    'a check left out',
    { scripts: { ...STANDARD_SCRIPTS, lint: 'true' } },
    [expect.stringMatching(/^scripts\["lint"\]/)],
  ],
  ['tests in the tarball', { files: ['dist', 'src'] }, [expect.stringMatching(/^files must hold/)]],
  ['sources of its own', { repository: 'elsewhere' }, [expect.stringMatching(/^repository must be/)]],
  [
    'types after the code',
    { exports: { ...RIGHT.exports, '.': { default: './dist/index.js', types: './dist/index.d.ts' } } },
    ['exports["."] must be @x/source, types, default, got default, types'],
  ],
])('%s', (_what, change, expected) => expect(problems(change)).toEqual(expected));
