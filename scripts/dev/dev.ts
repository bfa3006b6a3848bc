// npm run dev [-- --config FILE --port N]: the gateway from its sources, started anew when they or the configuration change.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { listWorkspaces, ROOT } from '../workspaces.ts';
import { readArguments } from './arguments.ts';
import { Restarter } from './restarter.ts';

const CLI = fileURLToPath(new URL('../../apps/gateway/src/cli.ts', import.meta.url));

const { args, config } = await readArguments(process.argv.slice(2));
const sources = listWorkspaces()
  .filter(({ directory }) => directory.startsWith('packages/') || directory === 'apps/gateway')
  .map(({ directory }) => join(ROOT, directory, 'src'))
  .filter((folder) => existsSync(folder));

const restarter = new Restarter({
  start: () => spawn(process.execPath, ['--conditions=@x/source', CLI, 'start', ...args], { stdio: 'inherit' }),
  trees: sources,
  folders: config === undefined ? [] : [config.folder],
  matters: (path) => path === config?.file || (path.endsWith('.ts') && !/\.test(?:-d)?\.ts$/.test(path)),
  log: (line) => process.stdout.write(`dev: ${line}\n`),
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void restarter.close().then(() => process.exit(0)));
}
