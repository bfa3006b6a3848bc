import { execFile } from 'node:child_process';
import { chown, mkdtemp, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const SIZE_BYTES = 8 * 1024 * 1024;

/** A file system of a few megabytes, in memory, that something else may fill. */
export interface SmallDisk {
  readonly folder: string;
  /** Takes all room but `left` bytes. */
  fill(left: number): Promise<void>;
  free(): Promise<void>;
  remove(): Promise<void>;
}

/** Undefined where this user may not mount one. `like` is a path whose owner may write there. */
export async function smallDisk(like?: string): Promise<SmallDisk | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'x-small-disk-'));
  try {
    await run('mount', ['-t', 'tmpfs', '-o', `size=${SIZE_BYTES}`, 'tmpfs', folder]);
  } catch {
    await rm(folder, { recursive: true });
    return undefined;
  }
  if (like !== undefined) {
    const { uid, gid } = await stat(like);
    await chown(folder, uid, gid);
  }
  const filler = join(folder, 'filler');
  return {
    folder,
    async fill(left) {
      const { stdout } = await run('df', ['--output=avail', '-B1', folder]);
      const room = Number(stdout.trim().split('\n').at(-1));
      const filling = writeFile(filler, Buffer.alloc(Math.max(0, room - left)));
      // Somebody else has taken the rest meanwhile.
      await filling.catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOSPC') throw error;
      });
    },
    free: () => truncate(filler, 0),
    async remove() {
      // Lazily: a process may still have a file open.
      await run('umount', ['-l', folder]);
      await rm(folder, { recursive: true });
    },
  };
}
