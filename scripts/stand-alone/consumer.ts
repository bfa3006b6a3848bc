import type { Manifest } from '../workspaces.ts';

/** Imports every entry, and prints how many names each has, or which optional peer it lacks. */
export function importAll(specifiers: readonly string[]): string {
  return `const found = {};
for (const specifier of ${JSON.stringify(specifiers)}) {
  try {
    found[specifier] = Object.keys(await import(specifier)).length;
  } catch (error) {
    found[specifier] = String(error?.message ?? error);
  }
}
console.log(JSON.stringify(found));
`;
}

/** Entries that could not be imported, apart from those that say which optional peer they lack. */
export function failedImports(output: string, { peerDependenciesMeta = {} }: Manifest): string[] {
  const found = JSON.parse(output) as Record<string, number | string>;
  const peers = Object.keys(peerDependenciesMeta);
  return Object.entries(found)
    .filter(([, result]) => typeof result !== 'number' && !peers.some((peer) => isMissing(peer, result)))
    .map(([specifier, result]) => `${specifier}: ${result}`);
}

function isMissing(peer: string, message: string): boolean {
  return /cannot find (?:package|module)/i.test(message) && message.includes(peer);
}

/** A module that every entry is a part of, for bundlers and the type check. */
export function useAll(specifiers: readonly string[]): string {
  const imports = specifiers.map((specifier, index) => `import * as entry${index} from '${specifier}';`);
  const names = specifiers.map((_, index) => `entry${index}`);
  return `${imports.join('\n')}\nexport const entries: object[] = [${names.join(', ')}];\n`;
}

/**
 * What a user of TypeScript has, but that nothing is installed beside the package. Its own declarations are checked with it, unless
 * they may be in need of Node's.
 */
export function tsconfig(moduleResolution: 'node16' | 'bundler', skipLibCheck: boolean): string {
  return JSON.stringify({
    compilerOptions: {
      target: 'es2023',
      lib: ['es2023', 'esnext.disposable', 'dom', 'dom.iterable', 'dom.asynciterable'],
      types: [],
      module: moduleResolution === 'bundler' ? 'esnext' : 'node16',
      moduleResolution,
      strict: true,
      exactOptionalPropertyTypes: true,
      skipLibCheck,
      noEmit: true,
    },
    files: ['sample.ts', 'all.ts'],
  });
}
