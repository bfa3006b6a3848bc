import { execFile } from 'node:child_process';
import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blocksOf, ROOT } from './pages.ts';

/**
 * What stands in a README must run. Every ```ts block is a module of its own, is type-checked and runs;
 * fragments that are there to be read are ```typescript.
 */
const WORK = join(ROOT, 'examples', '.samples');
const run = promisify(execFile);

const samples = blocksOf('ts').map(({ name, slug, text }) => ({ name, file: join(WORK, `${slug}.ts`), text }));
const examples = globSync('examples/*.ts', { cwd: ROOT }).map((path) => ({
  name: basename(path),
  file: join(ROOT, path),
}));

/** Longer ones are about more than one idea. */
const MOST_LINES = 60;

beforeAll(() => {
  rmSync(WORK, { recursive: true, force: true });
  mkdirSync(WORK);
  for (const { file, text } of samples) writeFileSync(file, text);
  const config = { extends: '../../tsconfig.base.json', compilerOptions: { noEmit: true }, include: ['*.ts'] };
  writeFileSync(join(WORK, 'tsconfig.json'), JSON.stringify(config));
});
afterAll(() => rmSync(WORK, { recursive: true, force: true }));

describe('every sample of a README and of the docs, and every example', () => {
  it.each([...samples, ...examples])('$name runs', { timeout: 60_000 }, async ({ file }) => {
    const { stderr } = await run(process.execPath, ['--conditions=@x/source', file], {
      cwd: dirname(file),
      timeout: 50_000,
    });
    expect(stderr).toBe('');
  });

  it('type-checks', { timeout: 120_000 }, async () => {
    const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
    await expect(run(process.execPath, [tsc, '-p', WORK])).resolves.toMatchObject({ stdout: '' });
  });
});

describe('every example', () => {
  const list = readFileSync(join(ROOT, 'examples', 'README.md'), 'utf8');
  it.each(examples)('$name is short, and stands in the list', ({ name, file }) => {
    expect(readFileSync(file, 'utf8').split('\n').length).toBeLessThanOrEqual(MOST_LINES);
    expect(list).toContain(`\`${name}\``);
  });
});
