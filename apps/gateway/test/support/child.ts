import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

const CLI = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

/** The command line in a process of its own, unbuilt. Ended with its test. */
export class Cli {
  readonly #process: ChildProcess;
  #stdout = '';
  #stderr = '';
  #wake: (() => void) | undefined;
  /** The exit code, when the process has ended. */
  readonly exit: Promise<number | null>;
  exited = false;

  constructor(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
    this.#process = spawn(process.execPath, ['--conditions=@x/source', CLI, ...args], {
      env: { PATH: process.env['PATH'] ?? '', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#process.stdout?.setEncoding('utf8').on('data', (text: string) => {
      this.#stdout += text;
      this.#wake?.();
    });
    this.#process.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr += text;
      this.#wake?.();
    });
    this.exit = new Promise((resolve) => {
      this.#process.on('close', (code) => {
        this.exited = true;
        this.#wake?.();
        resolve(code);
      });
    });
    onTestFinished(async () => {
      this.#process.kill('SIGKILL');
      await this.exit;
    });
  }

  get stdout(): string {
    return this.#stdout;
  }

  get stderr(): string {
    return this.#stderr;
  }

  /** Waits until standard output matches, and hands on the match. */
  async until(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const match = pattern.exec(this.#stdout);
      if (match) return match;
      if (this.exited) throw new Error(`ended before ${pattern}:\n${this.#stdout}\n${this.#stderr}`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** The port that it listens on, once it has said so. */
  async port(): Promise<number> {
    const [, port] = await this.until(/listens on http:\/\/localhost:(\d+)/);
    await this.until(/"messages"|Send requests/);
    return Number(port);
  }

  signal(name: NodeJS.Signals): void {
    this.#process.kill(name);
  }
}
