import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT, type Manifest, type Workspace } from '../workspaces.ts';
import { closureOf, optionalPeersOf } from '../published.ts';
import { run } from './run.ts';

/** An empty project outside of the repository, with one package in it. */
export interface Project {
  readonly directory: string;
  /** Names of all packages that are there now. */
  installed(): string[];
  /** Names of the packages that the manifests lead to, from the one that was installed; optional peers apart. */
  brought(): string[];
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

/**
 * Packs a workspace and those that it depends on, and installs the tarball of the first, as the registry would give it; beside it
 * those of its optional peers that are named.
 */
export async function installAlone(workspace: Workspace, peers: readonly string[] = []): Promise<Project> {
  const directory = mkdtempSync(join(tmpdir(), 'x-stand-alone-'));
  const remove = () => rmSync(directory, { recursive: true, force: true });
  const write = (file: string, text: string) => writeFileSync(join(directory, file), text);
  const ranges = optionalPeersOf(workspace);
  const versionOf = (peer: string) => [peer, ranges[peer] ?? '*'] as const;
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
      dependencies: Object.fromEntries([...(own === undefined ? [] : [own]), ...peers.map(versionOf)]),
      // Not dependencies of the project: it knows of one package alone.
      overrides: Object.fromEntries(others),
    };
    write('package.json', JSON.stringify(project));
    await run(
      'npm',
      ['install', '--ignore-scripts', '--loglevel=error', '--prefer-offline', '--no-audit', '--no-fund'],
      directory,
    );
  } catch (error) {
    remove();
    throw error;
  }
  const modules = join(directory, 'node_modules');
  const paths = pathsByName(modules);
  return {
    directory,
    write,
    remove,
    files: filesIn(join(modules, workspace.manifest.name)),
    installed: () => [...paths.keys()],
    brought: () =>
      brought(
        workspace.manifest.name,
        (name) => paths.has(name),
        (name) => readManifest(join(directory, paths.get(name) ?? name)),
      ),
  };
}

/** Where each installed package is, as npm wrote it down. One of a name stands for all versions of it. */
function pathsByName(modules: string): Map<string, string> {
  const lock = JSON.parse(readFileSync(join(modules, '.package-lock.json'), 'utf8')) as { packages: object };
  const after = (path: string) => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  return new Map(Object.keys(lock.packages).map((path) => [after(path), path]));
}

function brought(
  name: string,
  isInstalled: (name: string) => boolean,
  manifestOf: (name: string) => Manifest,
): string[] {
  const found = new Set([name]);
  for (const one of found) {
    const {
      dependencies = {},
      optionalDependencies = {},
      peerDependencies = {},
      peerDependenciesMeta = {},
    } = manifestOf(one);
    const peers = Object.keys(peerDependencies).filter((peer) => peerDependenciesMeta[peer]?.optional !== true);
    // Not all of them are for this system.
    const optional = Object.keys(optionalDependencies).filter(isInstalled);
    for (const needed of [...Object.keys(dependencies), ...optional, ...peers]) found.add(needed);
  }
  return [...found];
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => path.replaceAll('\\', '/'));
}
