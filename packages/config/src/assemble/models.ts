import { createCatalog, type Catalog, type ModelOverride } from '@x/catalog';
import type { Config } from '../config.ts';
import { readPrices } from '../read-prices.ts';

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
