import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '../stand-alone/run.ts';
import { ROOT } from '../workspaces.ts';
import { newLayer } from './layer.ts';
import { newProvider } from './provider.ts';

const SKIPPED = new Set(['node_modules', 'dist', '.git', '.turbo', '.results']);
const tool = (path: string) => join(ROOT, 'node_modules', path);

/** A copy of the repository's sources with its dependencies. */
let copy: string;

beforeAll(() => {
  copy = realpathSync(mkdtempSync(join(tmpdir(), 'x-new-')));
  for (const name of readdirSync(ROOT)) {
    if (SKIPPED.has(name)) continue;
    cpSync(join(ROOT, name), join(copy, name), {
      recursive: true,
      filter: (path) => !SKIPPED.has(basename(path)) || relative(ROOT, path) === '',
    });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
});
afterAll(() => rmSync(copy, { recursive: true, force: true }));

/** What a workspace's own scripts do. */
async function checkWorkspace(directory: string, ...tests: string[]): Promise<void> {
  const folder = join(copy, directory);
  const node = (script: string, ...args: string[]) => run(process.execPath, [tool(script), ...args], folder);
  await node('typescript/bin/tsc', '-p', 'tsconfig.json');
  await node('oxlint/bin/oxlint', '-c', '../../.oxlintrc.json', ...tests);
  await node('oxfmt/bin/oxfmt', '-c', '../../.oxfmtrc.json', '--check', ...tests);
  await node('vitest/vitest.mjs', 'run', '--config', '../../vitest.config.ts', ...tests);
}

describe('a new layer', { timeout: 120_000 }, () => {
  test('is a package that type-checks, passes the lint and its tests, and keeps the rules of manifests', async () => {
    const left = newLayer('rate-guard', copy);
    expect(left.join('\n')).toContain('npm run api:update');
    await checkWorkspace('packages/rate-guard');
    await run(process.execPath, ['scripts/check-manifests.ts'], copy);
    await run(process.execPath, ['scripts/check-imports.ts'], copy);
    expect(readFileSync(join(copy, '.changeset/rate-guard.md'), 'utf8')).toContain("'@x/rate-guard': minor");
  });

  test('must have a name that is free and in kebab-case', () => {
    expect(() => newLayer('core', copy)).toThrow('packages/core is there already');
    expect(() => newLayer('RateGuard', copy)).toThrow(
      'a name in kebab-case is needed, such as rate-guard, got "RateGuard"',
    );
    expect(() => newLayer(undefined, copy)).toThrow('got ""');
  });
});

describe('a new provider', { timeout: 120_000 }, () => {
  test('is a row and a folder that type-check, and pass the lint and their tests', async () => {
    newProvider('deep-cloud', copy, { baseURL: 'https://llm.deep.cloud/api/v2' });
    await checkWorkspace('packages/providers', 'src/deep-cloud', 'src/defaults/more-hosts.ts');
    const hosts = readFileSync(join(copy, 'packages/providers/src/defaults/more-hosts.ts'), 'utf8');
    expect(hosts).toContain("  'deep-cloud': {");
    expect(hosts).toContain("keyEnv: 'DEEP_CLOUD_API_KEY'");
    expect(hosts).toContain('errors: DEEP_CLOUD_ROWS');
  });

  test('must be one that is not known, with an address and a variable', () => {
    expect(() => newProvider('groq', copy)).toThrow('groq is known already');
    expect(() => newProvider('other', copy, { baseURL: 'nowhere' })).toThrow('--base-url must be an absolute URL');
    expect(() => newProvider('other', copy, { keyEnv: 'my key' })).toThrow('--env must be the name of a variable');
    expect(existsSync(join(copy, 'packages/providers/src/other'))).toBe(false);
  });
});
