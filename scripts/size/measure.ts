import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';
import { ROOT, type Workspace } from '../workspaces.ts';

/**
 * Bytes that one export of a package costs, or all of them: its own code, bundled and minified from `dist` and compressed by brotli. What
 * it depends on is not among them.
 */
export async function sizeOf({ directory, manifest }: Workspace, row: string): Promise<number> {
  const [specifier = row, name = '*'] = row.split('#');
  const contents = name === '*' ? `export * from '${specifier}';` : `export { ${name} } from '${specifier}';`;
  const { dependencies = {}, peerDependencies = {} } = manifest;
  const bundle = await build({
    stdin: { contents, resolveDir: join(ROOT, directory) },
    bundle: true,
    write: false,
    minify: true,
    format: 'esm',
    platform: 'node',
    target: 'es2023',
    external: [...Object.keys(dependencies), ...Object.keys(peerDependencies)],
    logLevel: 'silent',
  });
  return brotliCompressSync(bundle.outputFiles[0]?.contents ?? '').byteLength;
}
