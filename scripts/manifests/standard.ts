import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, type Manifest } from '../workspaces.ts';

/** Members that say the same in every package that is published. */
export const STANDARD = {
  license: 'Apache-2.0',
  type: 'module',
  sideEffects: false,
  engines: { node: '>=22.19' },
  publishConfig: { access: 'public', provenance: true },
} as const;

/** Scripts that every such package has, so that turbo finds its checks. */
export const STANDARD_SCRIPTS = {
  build: 'tsc -p tsconfig.build.json',
  typecheck: 'tsc -p tsconfig.json',
  lint: 'oxlint -c ../../.oxlintrc.json',
  'check:package': 'node ../../scripts/check-package.ts',
  'test:install': 'vitest run --config ../../scripts/stand-alone/vitest.config.ts',
} as const;

/** What has to be in the tarball, and what must not. */
const FILES = ['dist', 'src', '!src/**/*.test.ts', '!src/**/*.test-d.ts'];

/** What a manifest lacks of what every package that is published has, in words. */
export function manifestProblems(manifest: Manifest & Readonly<Record<string, unknown>>, directory: string): string[] {
  const { name, description, version, files, exports, scripts = {}, repository } = manifest;
  const problems: string[] = [];
  const insist = (holds: boolean, message: string) => void (holds || problems.push(message));
  insist(/^@x\/[a-z][a-z0-9-]*$/.test(name), `name must be @x/name, got ${name}`);
  insist(typeof description === 'string' && /^[A-Z].+\.$/.test(description), 'description must be a sentence');
  insist(typeof version === 'string', 'version is missing');
  for (const [member, value] of Object.entries(STANDARD)) {
    insist(same(manifest[member], value), `${member} must be ${JSON.stringify(value)}`);
  }
  for (const [script, command] of Object.entries(STANDARD_SCRIPTS)) {
    insist((scripts as Record<string, unknown>)[script] === command, `scripts["${script}"] must be "${command}"`);
  }
  insist(Array.isArray(files) && FILES.every((file) => files.includes(file)), `files must hold ${FILES.join(', ')}`);
  insist(exports?.['./package.json'] === './package.json', 'exports must have ./package.json');
  for (const [path, conditions] of Object.entries(exports ?? {})) {
    if (path === './package.json') continue;
    const keys = Object.keys(conditions as object).join(', ');
    insist(keys === '@x/source, types, default', `exports["${path}"] must be @x/source, types, default, got ${keys}`);
  }
  // Where the sources are is one fact for all of them: the root's, with the folder of each.
  const root = (JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { repository?: unknown }).repository;
  const own = root === undefined ? undefined : { ...(root as object), directory };
  insist(
    same(repository, own),
    own ? `repository must be ${JSON.stringify(own)}` : 'repository must be in the root too',
  );
  return problems;
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
