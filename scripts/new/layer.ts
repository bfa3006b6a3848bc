import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { STANDARD, STANDARD_SCRIPTS } from '../manifests/standard.ts';
import { editFile, fill, format } from './fill.ts';
import { namesOf } from './names.ts';

const FILES = ['README.md', 'tsconfig.json', 'tsconfig.build.json', 'src/index.ts', 'src/options.ts'] as const;

/** Makes the package of a new layer, which works and is tested from the start. Returns what is left to do. */
export function newLayer(given: string | undefined, root: string): string[] {
  const { name, ...names } = namesOf(given);
  const folder = join(root, 'packages', name);
  if (existsSync(folder)) throw new TypeError(`packages/${name} is there already`);
  const { version } = JSON.parse(readFileSync(join(root, 'packages/core/package.json'), 'utf8')) as { version: string };
  const blanks = { name, ...names, Description: `${names.Title}: tells when each request has come to its end.` };

  for (const file of FILES) fill(`layer/${file}`, join(folder, file), blanks);
  fill('layer/src/layer.ts', join(folder, `src/${name}.ts`), blanks);
  fill('layer/src/layer.test.ts', join(folder, `src/${name}.test.ts`), blanks);
  copyFileSync(join(root, 'LICENSE'), join(folder, 'LICENSE'));
  write(join(folder, 'package.json'), {
    ...manifest(name, blanks.Description),
    dependencies: { '@x/core': `^${version}` },
  });
  const quoted = /^[a-z0-9]+$/.test(name) ? name : `'${name}'`;
  editFile(
    join(root, 'scripts/check-imports.ts'),
    /(EXTRA_IMPORTS[^{]*\{\n)/,
    (head) => `${head}  ${quoted}: 'none',\n`,
  );
  mkdirSync(join(root, '.changeset'), { recursive: true });
  const changeset = `---\n'@x/${name}': minor\n---\n\nA new package, \`@x/${name}\`. ${blanks.Description}\n`;
  writeFileSync(join(root, `.changeset/${name}.md`), changeset, { flag: 'wx' });

  format(root, `packages/${name}`, 'scripts/check-imports.ts');

  return [
    `packages/${name} is a layer that works: change what it does in src/${name}.ts, and its tests with it.`,
    'npm install               links it into the workspaces',
    'npm run api:update        writes down what one can import from it',
    'npm run size -- --add     gives it a ceiling',
    `README.md                 wants a row: | [\`@x/${name}\`](packages/${name}) | … |`,
    'docs/ordering.md          wants a word on its place, if it has one',
    `.changeset/${name}.md     wants your words`,
  ];
}

function manifest(name: string, description: string) {
  const { license, type, sideEffects, engines, publishConfig } = STANDARD;
  return {
    name: `@x/${name}`,
    version: '0.0.0',
    description,
    license,
    files: ['dist', 'src', '!src/**/*.test.ts', '!src/**/*.test-d.ts'],
    type,
    sideEffects,
    exports: {
      '.': { '@x/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' },
      './package.json': './package.json',
    },
    publishConfig,
    scripts: { ...STANDARD_SCRIPTS, test: 'vitest run --config ../../vitest.config.ts' },
    engines,
  };
}

function write(path: string, value: object): void {
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}
