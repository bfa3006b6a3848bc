import { existsSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import { entriesOf } from '../published.ts';
import { ROOT, type Workspace } from '../workspaces.ts';

/** What one can import from an entry of a package, and what that is made of, as text that changes when it does. */
interface Report {
  /** Relative to the package: `api/index.md`. */
  readonly file: string;
  readonly text: string;
}

/** Reports of all entries, made from the declarations in `dist`. */
export function apiReports(workspace: Workspace): Report[] {
  return entriesOf(workspace).map(({ specifier, name, types }) => ({
    file: `api/${name}.md`,
    text: `# ${specifier}\n\nMade by \`npm run api:update\`. A change here is one that users may notice: it needs a changeset.\n\n${surface(workspace, types)}\n`,
  }));
}

/** What has changed since the reports were written, in words. Empty when nothing has. */
export function apiChanges(workspace: Workspace): string[] {
  const folder = join(ROOT, workspace.directory);
  const reports = apiReports(workspace);
  const known = new Set(reports.map(({ file }) => file));
  const changed = reports.filter(({ file, text }) => readIfThere(join(folder, file)) !== text);
  const gone = globSync('api/*.md', { cwd: folder })
    .map((path) => `api/${basename(path)}`)
    .filter((file) => !known.has(file));
  return [
    ...changed.map(({ file, text }) => `${file}: ${firstDifference(readIfThere(join(folder, file)), text)}`),
    ...gone.map((file) => `${file}: there is no such entry any more`),
  ];
}

export function writeApiReports(workspace: Workspace): void {
  const folder = join(ROOT, workspace.directory);
  rmSync(join(folder, 'api'), { recursive: true, force: true });
  mkdirSync(join(folder, 'api'));
  for (const { file, text } of apiReports(workspace)) writeFileSync(join(folder, file), text);
}

/** The block of declarations in API Extractor's report: exports by name, and what they are made of. */
function surface({ directory }: Workspace, types: string): string {
  const folder = join(ROOT, directory);
  const output = mkdtempSync(join(tmpdir(), 'x-api-'));
  try {
    const config = ExtractorConfig.prepare({
      configObject: {
        projectFolder: folder,
        newlineKind: 'lf',
        mainEntryPointFilePath: join(folder, types),
        compiler: { overrideTsconfig: { compilerOptions: COMPILER_OPTIONS, files: [types] } },
        apiReport: {
          enabled: true,
          includeForgottenExports: true,
          reportFileName: 'report',
          reportFolder: output,
          reportTempFolder: output,
        },
        docModel: { enabled: false },
        dtsRollup: { enabled: false },
        tsdocMetadata: { enabled: false },
        messages: { extractorMessageReporting: { default: { logLevel: 'none' } } },
      },
      configObjectFullPath: undefined,
      packageJsonFullPath: join(folder, 'package.json'),
    } as Parameters<typeof ExtractorConfig.prepare>[0]);
    Extractor.invoke(config, {
      localBuild: true,
      messageCallback: (message) => {
        if (message.category === 'Compiler') throw new Error(`${types}: ${message.text}`);
        message.handled = true;
      },
    });
    const report = readFileSync(join(output, 'report.api.md'), 'utf8');
    const [block] = /```ts\n.*```/s.exec(report) ?? [];
    if (block === undefined) throw new Error(`${types}: API Extractor's report has no declarations`);
    return block
      .replace(/^\/\/ \(undocumented\)\n|^ +\/\/ \(undocumented\)\n| \(undocumented\)$/gm, '')
      .replace(/^\/\/ @public\n/gm, '')
      .replace(/\n\/\/ \(No @packageDocumentation comment for this package\)\n/, '');
  } finally {
    rmSync(output, { recursive: true, force: true });
  }
}

const COMPILER_OPTIONS = {
  target: 'es2023',
  lib: ['es2023', 'esnext.disposable'],
  module: 'nodenext',
  moduleResolution: 'nodenext',
  types: ['node'],
  typeRoots: [join(ROOT, 'node_modules/@types')],
  skipLibCheck: true,
  allowImportingTsExtensions: true,
  noEmit: true,
};

function readIfThere(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

function firstDifference(before: string | undefined, after: string): string {
  if (before === undefined) return 'is not there yet';
  const old = before.split('\n');
  const lines = after.split('\n');
  const index = lines.findIndex((line, at) => line !== old[at]);
  return index === -1 ? 'has lost its end' : `line ${index + 1} was "${old[index] ?? ''}", is "${lines[index]}"`;
}
