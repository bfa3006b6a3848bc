import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { systemClock } from '@x/core';
import { findBinary } from './find-binary.ts';

/** A server that a test may do anything to. */
export interface OwnServer {
  /** Stops it in its tracks, as a machine that hangs does: connections stay open, nothing is answered. */
  pause(): void;
  resume(): void;
  /** Ends it at once, without its knowing. */
  kill(): Promise<void>;
  /** Ends it, and starts it again at the same address. */
  restart(): Promise<void>;
  /** Ends it and takes its files away. */
  stop(): Promise<void>;
}

export interface Program {
  readonly path: string;
  readonly args: readonly string[];
  /** What it prints when it can be used. */
  readonly ready: RegExp;
  /** What its parent's end does to it, so that no test that is killed leaves a server behind. */
  readonly onParentEnd: 'KILL' | 'QUIT';
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
}

/** Longer than any server here takes on a busy machine. */
const START_TIMEOUT_MS = 20_000;

/** Programs that run now: ended with this process, also where the kernel does not see to it. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Resolves when the program is ready. @throws Error with what it printed, where it ended or took too long */
export async function launch(program: Program): Promise<ChildProcess> {
  const setpriv = findBinary('setpriv');
  const [path, ...args] = [
    ...(setpriv === undefined ? [] : [setpriv, '--pdeathsig', program.onParentEnd]),
    program.path,
    ...program.args,
  ] as [string, ...string[]];
  const child = spawn(path, args, { ...program.user, stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  child.once('exit', () => running.delete(child));

  let output = '';
  const ready = new Promise<boolean>((resolve) => {
    const read = (text: string) => {
      output += text;
      if (program.ready.test(output)) resolve(true);
    };
    child.stdout.setEncoding('utf8').on('data', read);
    child.stderr.setEncoding('utf8').on('data', read);
    child.once('error', () => resolve(false));
    child.once('exit', () => resolve(false));
  });
  const cancel = new AbortController();
  const late = systemClock.sleep(START_TIMEOUT_MS, cancel.signal).then(
    () => false,
    () => false,
  );
  const started = await Promise.race([ready, late]);
  cancel.abort();
  if (!started) {
    await end(child, 'SIGKILL');
    throw new Error(`${program.path} did not start:\n${output}`);
  }
  // What it says from now on is of no interest, but must not fill the pipe.
  child.stdout.removeAllListeners('data').resume();
  child.stderr.removeAllListeners('data').resume();
  return child;
}

/** Ends a program, also one that is paused. */
export async function end(child: ChildProcess, signal: 'SIGKILL' | 'SIGINT' | 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
  const exit = once(child, 'exit');
  child.kill(signal);
  child.kill('SIGCONT');
  await exit;
}
