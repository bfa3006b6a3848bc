export { createCatalog, type Catalog } from './catalog.ts';
export { CATALOG_DEFAULTS, type CatalogOptions, type ModelOverride } from './options.ts';
export type { KnownModel } from './list-models.ts';
export { priceInUsd, type UsdPrice, type UsdRates } from './price/usd-price.ts';
export { bundledPrices, type PriceSource } from './data/bundled.ts';
export { parseSnapshot, SNAPSHOT_URL } from './data/snapshot.ts';
