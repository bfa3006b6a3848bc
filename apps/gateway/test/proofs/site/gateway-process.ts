import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ConfigInput } from '@x/config';

const CLI = fileURLToPath(new URL('../../../src/cli.ts', import.meta.url));

/** A gateway as an operator starts it. */
export interface GatewayProcess {
  readonly url: string;
  /** Whether it has ended, by whatever. */
  readonly ended: boolean;
  /** Ends it at once, without its knowing. */
  kill(): Promise<void>;
  /** Lets it finish. */
  stop(): Promise<void>;
}

let count = 0;

/** Resolves when it listens. What it loads is kept compiled in `folder`, so that the next one starts sooner. */
export async function startGatewayProcess(config: ConfigInput, folder: string): Promise<GatewayProcess> {
  const file = join(folder, `gateway-${(count += 1)}.json`);
  await writeFile(file, JSON.stringify(config));
  const child = spawn(process.execPath, ['--conditions=@x/source', CLI, 'start', '--config', file, '--port', '0'], {
    env: { PATH: process.env['PATH'] ?? '', NODE_COMPILE_CACHE: join(folder, 'compiled') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
  };
  return {
    url: await listening(child),
    get ended() {
      return child.exitCode !== null || child.signalCode !== null;
    },
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  };
}

function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (text: string) => {
      // What it says once it serves is of no interest, but must not fill the pipe.
      if (output.length > 65_536) return;
      output += text;
      const found = /listens on http:\/\/localhost:(\d+)/.exec(output);
      if (found) resolve(`http://127.0.0.1:${found[1]}`);
    };
    child.stdout?.setEncoding('utf8').on('data', read);
    child.stderr?.setEncoding('utf8').on('data', read);
    child.once('exit', () => reject(new Error(`the gateway ended before it listened:\n${output}`)));
  });
}
