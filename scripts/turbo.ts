import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const TURBO = createRequire(import.meta.url).resolve('turbo/bin/turbo');

/** Runs turbo at the root of the repository and returns its exit code. `quiet` prints its output only if it fails. */
export function turbo(args: readonly string[], options: { readonly quiet?: boolean } = {}): number {
  const run = spawnSync(process.execPath, [TURBO, 'run', ...args], {
    cwd: ROOT,
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: '1', npm_config_loglevel: 'silent' },
    stdio: options.quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
    encoding: 'utf8',
  });
  if (options.quiet && run.status !== 0) {
    process.stderr.write(run.stdout + run.stderr);
  }
  return run.status ?? 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.exitCode = turbo(process.argv.slice(2));
}
