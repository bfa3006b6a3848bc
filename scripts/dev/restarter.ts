import type { ChildProcess } from 'node:child_process';
import { watch, type FSWatcher } from 'node:fs';
import { join } from 'node:path';

export interface RestarterOptions {
  /** Starts the program anew. */
  readonly start: () => ChildProcess;
  /** Folders that are watched with all that is in them. */
  readonly trees: readonly string[];
  /** Folders that are watched without those in them. @default none */
  readonly folders?: readonly string[];
  /** Whether a change of this path is one. @default every change */
  readonly matters?: (path: string) => boolean;
  readonly log: (line: string) => void;
}

/** Milliseconds: editors write a file in several steps, and save several files at once. */
const SETTLE_MS = 100;

/** Milliseconds that the program has to end by itself. Streams that are open would otherwise be waited for. */
const GRACE_MS = 2_000;

/** Runs a program, and runs it anew when something has changed. One that has ended waits for the next change. */
export class Restarter {
  readonly #options: RestarterOptions;
  readonly #watchers: FSWatcher[];
  #child: ChildProcess;
  #timer: NodeJS.Timeout | undefined;
  #restarting: Promise<void> | undefined;

  constructor(options: RestarterOptions) {
    this.#options = options;
    const watchIn = (path: string, recursive: boolean) =>
      watch(path, { recursive }, (_event, file) => this.#changed(file === null ? path : join(path, file)));
    this.#watchers = [
      ...options.trees.map((path) => watchIn(path, true)),
      ...(options.folders ?? []).map((path) => watchIn(path, false)),
    ];
    this.#child = this.#start();
  }

  async close(): Promise<void> {
    for (const watcher of this.#watchers) watcher.close();
    clearTimeout(this.#timer);
    await this.#restarting;
    await this.#stop();
  }

  #changed(path: string): void {
    if (this.#options.matters?.(path) === false) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#restarting = (this.#restarting ?? Promise.resolve()).then(() => this.#restart(path));
    }, SETTLE_MS);
  }

  async #restart(path: string): Promise<void> {
    this.#options.log(`${path} has changed: starting anew`);
    await this.#stop();
    this.#child = this.#start();
  }

  #start(): ChildProcess {
    const child = this.#options.start();
    child.on('exit', (code) => {
      if (code !== 0 && code !== null && child === this.#child) {
        this.#options.log(`ended with ${code}: waiting for a change`);
      }
    });
    return child;
  }

  async #stop(): Promise<void> {
    const child = this.#child;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const impatience = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
    child.kill('SIGTERM');
    await ended;
    clearTimeout(impatience);
  }
}
