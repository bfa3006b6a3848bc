import { runInNewContext } from 'node:vm';
import { build } from 'esbuild';

/** What pages have in every browser of today and the language itself does not. Nothing of Node's is among it. */
const PAGE = [
  'AbortController',
  'AbortSignal',
  'Blob',
  'DOMException',
  'Event',
  'EventTarget',
  'Headers',
  'ReadableStream',
  'Request',
  'Response',
  'TextDecoder',
  'TextEncoder',
  'TransformStream',
  'URL',
  'URLSearchParams',
  'WritableStream',
  'clearInterval',
  'clearTimeout',
  'crypto',
  'fetch',
  'performance',
  'queueMicrotask',
  'setInterval',
  'setTimeout',
  'structuredClone',
] as const;

/** Bundles a module for browsers and runs it in a realm that has what pages have. Resolves to what it logs. */
export async function runAsPage(file: string, directory: string): Promise<string[]> {
  const bundle = await build({
    entryPoints: [file],
    absWorkingDir: directory,
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2023',
    logLevel: 'silent',
  });
  const logged: string[] = [];
  const log = (...values: unknown[]) => logged.push(values.map(String).join(' '));
  const page = Object.fromEntries(PAGE.map((name) => [name, Reflect.get(globalThis, name)]));
  const code = bundle.outputFiles[0]?.text ?? '';
  // A script has no top-level await and no exports; a function has the one and needs none of the other.
  const script = `(async () => {${code.replace(/^export \{[^}]*\};?$/gm, '')}\n})()`;
  await (runInNewContext(script, { ...page, console: { log, error: log, warn: log } }) as Promise<void>);
  return logged;
}
