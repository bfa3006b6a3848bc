import { readFileSync } from 'node:fs';
import { createCatalog, parseSnapshot, type Catalog, type ModelOverride, type PriceSource } from '@x/catalog';
import { ConfigError } from '../config-error.ts';
import type { Config } from '../config.ts';

/**
 * The catalogue of models with what the configuration knows better.
 * @throws ConfigError when the file of prices cannot be read or used
 */
export function createModels(config: Config): Catalog {
  const { providers, aliases, catalog } = config;
  return createCatalog({
    providers: Object.fromEntries(Object.entries(providers).map(([name, { host }]) => [name, host])),
    overrides: overridesOf(config),
    aliases,
    prices: catalog.file === undefined ? undefined : readPrices(catalog.file),
  });
}

function overridesOf({ providers, models }: Config): Record<string, ModelOverride> {
  const overrides: Record<string, ModelOverride> = { ...models };
  for (const [provider, { models: own }] of Object.entries(providers)) {
    for (const [pattern, override] of Object.entries(own)) {
      const name = `${provider}/${pattern}`;
      overrides[name] = { ...overrides[name], ...override };
    }
  }
  return overrides;
}

function readPrices(file: string): PriceSource {
  try {
    return parseSnapshot(readFileSync(file, 'utf8'));
  } catch (cause) {
    const message = `${file} cannot be used: ${(cause as Error).message}`;
    throw new ConfigError([{ path: 'catalog.file', message, position: undefined }], undefined, { cause });
  }
}
