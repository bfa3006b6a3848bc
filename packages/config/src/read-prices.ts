import { readFileSync } from 'node:fs';
import { parseSnapshot, type PriceSource } from '@x/catalog';
import { ConfigError } from './config-error.ts';

/**
 * The prices in a file that a configuration names.
 * @throws ConfigError when it cannot be read or used
 */
export function readPrices(file: string): PriceSource {
  try {
    return parseSnapshot(readFileSync(file, 'utf8'));
  } catch (cause) {
    const message = `${file} cannot be used: ${(cause as Error).message}`;
    throw new ConfigError([{ path: 'catalog.file', message, position: undefined }], undefined, { cause });
  }
}
