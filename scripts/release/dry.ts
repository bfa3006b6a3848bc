// npm run release:dry [-- --files]: what would be published now, in order, with its version and what is in its tarball.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { publishedWorkspaces } from '../published.ts';
import { run } from '../stand-alone/run.ts';
import { ROOT } from '../workspaces.ts';
import { inOrder, type Release } from './plan.ts';

interface Packed {
  readonly size: number;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string; readonly size: number }[];
}

const isListing = process.argv.includes('--files');
const workspaces = publishedWorkspaces();
const releases = inOrder(await plannedReleases(), workspaces);

if (releases.length === 0) print('Nothing would be published: there are no changesets.');
for (const [index, { name, oldVersion, newVersion, type }] of releases.entries()) {
  const directory = workspaces.find(({ manifest }) => manifest.name === name)?.directory ?? '.';
  const { size, unpackedSize, files } = await contentsOf(directory);
  print(`${String(index + 1).padStart(2)}. ${name} ${oldVersion} -> ${newVersion} (${type})`);
  print(`    ${files.length} files, ${kilobytes(size)} packed, ${kilobytes(unpackedSize)} unpacked`);
  const shown = isListing ? files.map(({ path, size: bytes }) => `${path} ${bytes}`) : groupsOf(files);
  for (const line of shown) print(`      ${line}`);
}
const root = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { repository?: unknown };
if (root.repository === undefined) {
  print(
    'The root has no `repository`: npm refuses a provenance statement without it, so it has to be set before a release.',
  );
}

/** By the rules of changesets, from the files in `.changeset`. */
async function plannedReleases(): Promise<readonly Release[]> {
  const folder = mkdtempSync(join(tmpdir(), 'x-release-'));
  try {
    const output = join(folder, 'plan.json');
    const cli = createRequire(import.meta.url).resolve('@changesets/cli/bin.js');
    // Its paths are relative to the root.
    await run(process.execPath, [cli, 'status', `--output=${relative(ROOT, output)}`], ROOT);
    return (JSON.parse(readFileSync(output, 'utf8')) as { releases: readonly Release[] }).releases;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function contentsOf(directory: string): Promise<Packed> {
  const output = await run('npm', ['pack', '--dry-run', '--json'], join(ROOT, directory));
  const [packed] = JSON.parse(output) as readonly Packed[];
  if (packed === undefined) throw new Error(`${directory}: npm packed nothing`);
  return packed;
}

/** How many files and bytes there are in each folder at the top. */
function groupsOf(files: Packed['files']): string[] {
  const groups = new Map<string, { count: number; bytes: number }>();
  for (const { path, size } of files) {
    const group = path.includes('/') ? `${path.slice(0, path.indexOf('/'))}/` : path;
    const { count, bytes } = groups.get(group) ?? { count: 0, bytes: 0 };
    groups.set(group, { count: count + 1, bytes: bytes + size });
  }
  return [...groups].map(([group, { count, bytes }]) =>
    group.endsWith('/') ? `${group} ${count} files, ${kilobytes(bytes)}` : `${group} ${kilobytes(bytes)}`,
  );
}

function kilobytes(bytes: number): string {
  return `${(bytes / 1_000).toFixed(1)} kB`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
