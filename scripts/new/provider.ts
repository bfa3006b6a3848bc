import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { editFile, fill, format } from './fill.ts';
import { namesOf } from './names.ts';

/** The row that a new one is made from: a host with nothing of its own but its address and its errors. */
const MODEL = { name: 'nebius', row: /^ {2}nebius: \{\n(?: {4}.*\n)+? {2}\},\n/m };

export interface ProviderOptions {
  /** Where its API begins, version included. @default `https://api.NAME.com/v1` */
  readonly baseURL?: string | undefined;
  /** The environment variable that its clients read the key from. @default `NAME_API_KEY` */
  readonly keyEnv?: string | undefined;
}

/** Makes a host that speaks OpenAI's dialect known: a row of data, its errors and their test. Returns what is left to do. */
export function newProvider(given: string | undefined, root: string, options: ProviderOptions = {}): string[] {
  const { name, ...names } = namesOf(given);
  const { baseURL = `https://api.${name}.com/v1`, keyEnv = `${names.UPPER}_API_KEY` } = options;
  if (!/^https?:\/\/[^\s'/]+(?:\/[^\s']*[^\s'/])?$/.test(baseURL)) {
    throw new TypeError(
      `--base-url must be an absolute URL without a slash at its end, got ${JSON.stringify(baseURL)}`,
    );
  }
  if (!/^[A-Z][A-Z0-9_]*$/.test(keyEnv)) {
    throw new TypeError(
      `--env must be the name of a variable, such as ${names.UPPER}_API_KEY, got ${JSON.stringify(keyEnv)}`,
    );
  }
  const src = join(root, 'packages/providers/src');
  const folder = join(src, name);
  const hosts = join(src, 'defaults/more-hosts.ts');
  const key = /^[a-z0-9]+$/.test(name) ? name : `'${name}'`;
  const isKnown = [hosts, join(src, 'defaults/provider-defaults.ts'), join(src, 'defaults/local-engines.ts')].some(
    (file) => readFileSync(file, 'utf8').includes(`\n  ${key}: {`),
  );
  if (isKnown || existsSync(folder)) throw new TypeError(`${name} is known already`);

  const blanks = { name, ...names, url: baseURL };
  fill('provider/error-rows.ts', join(folder, 'error-rows.ts'), blanks);
  fill('provider/provider.test.ts', join(folder, `${name}.test.ts`), blanks);
  editFile(hosts, MODEL.row, (row) => row + rowLike(row, { key, baseURL, keyEnv, rows: `${names.UPPER}_ROWS` }));
  editFile(
    hosts,
    /^import type \{ ProviderDefaults \}/m,
    (line) => `import { ${names.UPPER}_ROWS } from '../${name}/error-rows.ts';\n${line}`,
  );
  format(root, `packages/providers/src/${name}`, 'packages/providers/src/defaults/more-hosts.ts');
  return [
    `${name} is known: openaiCompatible({ name: '${name}' }), and "${name}" in a configuration.`,
    `packages/providers/src/${name}/error-rows.ts   wants how it refuses, and the source of that`,
    'packages/providers/src/defaults/more-hosts.ts  wants what it cannot do, in quirks, and its reset headers',
    'UPDATE_TABLES=1 npx vitest run --config ../../vitest.config.ts src/defaults   in packages/providers writes its row in the README',
    'npm run docs:translation                       writes what is dropped or refused for it',
    'npm run api:update, npx changeset              since PROVIDER_DEFAULTS has a new name',
  ];
}

function rowLike(row: string, own: { key: string; baseURL: string; keyEnv: string; rows: string }): string {
  return row
    .replace(`  ${MODEL.name}:`, `  ${own.key}:`)
    .replace(/baseURL: '.*'/, `baseURL: '${own.baseURL}'`)
    .replace(/keyEnv: '.*'/, `keyEnv: '${own.keyEnv}'`)
    .replace(/errors: \w+/, `errors: ${own.rows}`)
    .replace(/quirks: \{.*\}/, 'quirks: {}');
}
