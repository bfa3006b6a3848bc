import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { optionalPeersOf } from '../published.ts';
import { ROOT, type Workspace } from '../workspaces.ts';

/** What to run of a package. */
export interface Sample {
  readonly code: string;
  /** Optional peers that it cannot do without. */
  readonly peers: readonly string[];
}

const BLOCK = /^```ts\n(.*?)^```/gms;
const IMPORT = /\bfrom '((?:@[\w-]+\/)?[\w-]+)/g;
/** Behind an import: `// needs kysely`. */
const NEEDS = /\/\/ needs (.+)$/gm;

/**
 * The first block of a package's README that imports nothing but the package and what it depends on.
 * @throws Error for a package that cannot be used alone, as far as its README tells
 */
export function sampleOf(workspace: Workspace): Sample {
  const { directory, manifest } = workspace;
  const page = join(directory, 'README.md');
  const allowed = new Set([manifest.name, ...Object.keys(manifest.dependencies ?? {})]);
  const blocks = [...readFileSync(join(ROOT, page), 'utf8').matchAll(BLOCK)].map(([, code = '']) => code);
  const code = blocks.find((block) => {
    const imported = [...block.matchAll(IMPORT)].map(([, name = '']) => name);
    return imported.includes(manifest.name) && imported.every((name) => allowed.has(name));
  });
  if (code === undefined) {
    throw new Error(`${page} needs a \`\`\`ts block that imports nothing but ${[...allowed].join(', ')}`);
  }
  const peers = [...code.matchAll(NEEDS)].flatMap(([, names = '']) => names.split(/, | and /));
  const optional = optionalPeersOf(workspace);
  const unknown = peers.filter((peer) => !Object.hasOwn(optional, peer));
  if (unknown.length > 0) throw new Error(`${page}: ${unknown.join(', ')} is no optional peer of what it imports`);
  return { code, peers: [...new Set(peers)] };
}
