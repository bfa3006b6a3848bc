import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { CpuReading, MemoryReading } from './probe.ts';

const PROBE = new URL('./probe.ts', import.meta.url).href;
const CAN_PIN = process.platform === 'linux' && spawnSync('taskset', ['-V']).status === 0;

export interface ChildOptions {
  /** A TypeScript file of this repository. */
  readonly script: URL;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** @default true */
  readonly inheritEnv?: boolean;
  /** The core to pin it to, where the system can. */
  readonly core?: number;
  /** Resolves {@link Child.ready} with its first group. */
  readonly readyWhen: RegExp;
}

/** A server in a process of its own, whose CPU and memory can be read. */
export class Child {
  /** What the first group of `readyWhen` matched: usually its URL. */
  readonly ready: Promise<string>;
  readonly #process: ChildProcess;

  constructor({ script, args = [], env = {}, inheritEnv = true, core, readyWhen }: ChildOptions) {
    const node = ['--conditions=@x/source', '--expose-gc', '--import', PROBE, fileURLToPath(script), ...args];
    const pinned = core !== undefined && CAN_PIN;
    const [command, ...rest] = pinned
      ? ['taskset', '-c', String(core), process.execPath, ...node]
      : [process.execPath, ...node];
    this.#process = spawn(command as string, rest, {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
      env: inheritEnv ? { ...process.env, ...env } : env,
    });
    this.ready = this.#waitFor(readyWhen);
  }

  cpu(): Promise<CpuReading> {
    return this.#ask('cpu');
  }

  /** Collects garbage first. */
  memory(): Promise<MemoryReading> {
    return this.#ask('memory');
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const exited = new Promise((resolve) => this.#process.once('exit', resolve));
    this.#process.kill('SIGTERM');
    await exited;
  }

  #ask<T>(what: string): Promise<T> {
    return new Promise((resolve) => {
      const onMessage = (message: unknown) => {
        if (typeof message !== 'object' || message === null || !(what in message)) return;
        this.#process.off('message', onMessage);
        resolve((message as Record<string, T>)[what] as T);
      };
      this.#process.on('message', onMessage);
      this.#process.send(what);
    });
  }

  #waitFor(pattern: RegExp): Promise<string> {
    return new Promise((resolve, reject) => {
      let seen = '';
      this.#process.stdout?.setEncoding('utf8').on('data', (text: string) => {
        if (seen.length < 65_536) seen += text;
        const found = pattern.exec(seen);
        if (found) resolve(found[1] ?? '');
      });
      this.#process.once('exit', (code) =>
        reject(new Error(`the process ended with ${code} before it was ready:\n${seen}`)),
      );
    });
  }
}

export const pinning = CAN_PIN ? 'each process pinned to a core' : 'not pinned: no taskset here';
