import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { loadConfig, type Config, type Environment } from '@x/config';
import type { Clock } from '@x/core';
import type { Logger } from 'pino';
import { watchFile } from './watch-file.ts';

export interface HotReloadOptions {
  readonly env: Environment;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Takes over a configuration. Throws for one that cannot be used; returns what only a restart brings. */
  readonly reload: (config: Config) => readonly string[];
}

/**
 * Takes over a configuration file whenever its content has changed. One that cannot be used is told of in the log, and the one before
 * stays. Returns a function that ends it.
 */
export async function hotReload(file: string, { env, clock, logger, reload }: HotReloadOptions): Promise<() => void> {
  let known = await digestOf(file);
  const look = async () => {
    const digest = await digestOf(file);
    if (digest === known) return;
    known = digest;
    try {
      const needsRestart = reload(await loadConfig(file, env));
      logger.info({ file }, 'configuration reloaded');
      if (needsRestart.length > 0) logger.warn({ file, changed: needsRestart }, 'only a restart brings these changes');
    } catch (error) {
      const problems = (error instanceof Error ? error.message : String(error)).split('\n');
      logger.error({ file, problems }, 'the configuration cannot be used, the one before stays');
    }
  };
  let looking = Promise.resolve();
  return watchFile(resolve(file), {
    clock,
    // One after the other: the last one that was written is the one that stays.
    onChange: () => void (looking = looking.then(look)),
    onTrouble: (error) => logger.warn({ file, err: error }, 'the configuration is not watched any more'),
  });
}

/** Undefined for a file that cannot be read. */
async function digestOf(file: string): Promise<string | undefined> {
  try {
    return hash('sha256', await readFile(file), 'hex');
  } catch {
    return undefined;
  }
}
