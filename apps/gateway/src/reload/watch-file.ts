import { watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { Clock } from '@x/core';

/** Milliseconds without a change after which a file counts as written. Editors write in several steps. */
const QUIET_MS = 200;

export interface WatchOptions {
  readonly clock: Clock;
  /** Something may have happened to the file. */
  readonly onChange: () => void;
  /** It cannot be watched any more. */
  readonly onTrouble: (error: unknown) => void;
}

/**
 * Watches the folder of a file, since most programs that change a file put another one in its place. Kubernetes swaps a link named
 * `..data` beside it. Returns a function that ends it.
 */
export function watchFile(file: string, { clock, onChange, onTrouble }: WatchOptions): () => void {
  const name = basename(file);
  let cancel: (() => void) | undefined;
  const onEvent = (changed: string | null) => {
    if (changed !== null && changed !== name && !changed.startsWith('..')) return;
    cancel?.();
    cancel = clock.schedule(QUIET_MS, onChange);
  };
  try {
    const watcher = watch(dirname(file), { persistent: false }, (_, changed) => onEvent(changed));
    watcher.on('error', onTrouble);
    return () => {
      cancel?.();
      watcher.close();
    };
  } catch (error) {
    onTrouble(error);
    return () => undefined;
  }
}
