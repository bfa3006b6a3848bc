import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { ConfigError } from './config-error.ts';
import type { Config, Environment } from './config.ts';
import { parseLocated } from './parse-config.ts';
import { readPrices } from './read-prices.ts';
import type { Position } from './text/problems.ts';

/**
 * Reads a configuration file, JSON or YAML.
 * @throws ConfigError when it cannot be read or used
 */
export async function loadConfig(path: string, env: Environment = process.env): Promise<Config> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new ConfigError(
      [{ path: '', message: `the file cannot be read: ${reasonOf(cause)}`, position: undefined }],
      path,
      {
        cause,
      },
    );
  }
  const { config, locate } = parseLocated(text, { path, env });
  const placed = withPathsFrom(dirname(path), config);
  checkPrices(placed.catalog.file, { path, position: locate(['catalog', 'file']) });
  return placed;
}

/** Whoever writes the configuration is told now of a file that cannot be used, and of the line that names it. */
function checkPrices(
  file: string | undefined,
  { path, position }: { path: string; position: Position | undefined },
): void {
  if (file === undefined) return;
  try {
    readPrices(file);
  } catch (error) {
    if (!ConfigError.isInstance(error)) throw error;
    const problems = error.problems.map((problem) => ({ ...problem, position }));
    throw new ConfigError(problems, path, { cause: error });
  }
}

/** Files that a configuration names lie beside it. */
function withPathsFrom(folder: string, config: Config): Config {
  const { file } = config.catalog;
  const { durable } = config.store;
  const catalog = file === undefined ? config.catalog : { file: resolve(folder, file) };
  if (durable.type !== 'sqlite' || durable.path === ':memory:') return { ...config, catalog };
  return {
    ...config,
    catalog,
    store: { ...config.store, durable: { ...durable, path: resolve(folder, durable.path) } },
  };
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is none',
  EACCES: 'permission denied',
  EISDIR: 'it is a directory',
};

function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown reason';
  return REASONS[code] ?? code;
}
