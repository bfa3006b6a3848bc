import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, type Manifest, type Workspace } from '../workspaces.ts';
import { closureOf } from './published.ts';
import { run } from './run.ts';

/** An empty project outside of the repository, with one package in it. */
export interface Project {
  readonly directory: string;
  /** Names of all packages that are there now. */
  installed(): string[];
  /** As the package says it in the tarball. */
  readonly manifest: Manifest;
  /** Paths in the tarball. */
  readonly files: readonly string[];
  write(file: string, text: string): void;
  remove(): void;
}

interface Packed {
  readonly name: string;
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** Packs a workspace and those that it depends on, and installs the tarball of the first: what the registry would give. */
export async function installAlone(workspace: Workspace): Promise<Project> {
  const directory = mkdtempSync(join(tmpdir(), 'x-stand-alone-'));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  const write = (file: string, text: string) => writeFileSync(join(directory, file), text);
  try {
    const tarballs = join(directory, 'tarballs');
    mkdirSync(tarballs);
    const folders = closureOf(workspace).map((needed) => join(ROOT, needed.directory));
    const output = await run('npm', ['pack', '--json', '--pack-destination', tarballs, ...folders], directory);
    const packed = JSON.parse(output) as readonly Packed[];
    const [own, ...others] = packed.map(({ name, filename }) => [name, `file:tarballs/${filename}`] as const);
    const project = {
      private: true,
      type: 'module',
      dependencies: Object.fromEntries(own === undefined ? [] : [own]),
      // Not dependencies of the project: it knows of one package alone.
      overrides: Object.fromEntries(others),
    };
    write('package.json', JSON.stringify(project));
    await run('npm', ['install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund'], directory);
  } catch (error) {
    remove();
    throw error;
  }
  const modules = join(directory, 'node_modules');
  const manifestOf = (name: string) =>
    JSON.parse(readFileSync(join(modules, name, 'package.json'), 'utf8')) as Manifest;
  const lock = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8')) as { packages: object };
  return {
    directory,
    write,
    remove,
    manifest: manifestOf(workspace.manifest.name),
    files: filesIn(join(modules, workspace.manifest.name)),
    installed: () => [
      ...new Set(Object.keys(lock.packages).map((path) => path.slice(path.lastIndexOf('node_modules/') + 13))),
    ],
  };
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => path.replaceAll('\\', '/'));
}
