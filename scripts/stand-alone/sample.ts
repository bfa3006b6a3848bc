import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, type Workspace } from '../workspaces.ts';

const BLOCK = /^```ts\n(.*?)^```/gms;
const IMPORT = /\bfrom '((?:@[\w-]+\/)?[\w-]+)/g;

/**
 * What to run of a package: the first block of its README that imports nothing but the package and what it depends on.
 * @throws Error for a package that cannot be used alone, as far as its README tells
 */
export function sampleOf({ directory, manifest }: Workspace): string {
  const page = join(directory, 'README.md');
  const allowed = new Set([manifest.name, ...Object.keys(manifest.dependencies ?? {})]);
  const blocks = [...readFileSync(join(ROOT, page), 'utf8').matchAll(BLOCK)].map(([, code = '']) => code);
  const sample = blocks.find((code) => {
    const imported = [...code.matchAll(IMPORT)].map(([, name = '']) => name);
    return imported.includes(manifest.name) && imported.every((name) => allowed.has(name));
  });
  if (sample !== undefined) return sample;
  throw new Error(`${page} needs a \`\`\`ts block that imports nothing but ${[...allowed].join(', ')}`);
}
