import { formatTarget, type FindModel, type ModelFacts, type Target } from '@x/core';
import type { PriceSource } from './data/bundled.ts';
import { vendorOf } from './data/vendors.ts';

/** A model in a listing. */
export interface KnownModel extends Target {
  /** `provider/model` */
  readonly id: string;
  readonly facts: ModelFacts;
}

/** How the price data marks models of Bedrock that are called under the name of a region's inference profile. */
const REGIONAL = 'regional.';

/** Ids of the price data that stand for many models, for variants of the data's own, or for other hosts' names. */
const NO_NAME = /[:~ -]$|^ft:|:free$|:extended$|\.ft-$/;

interface Listing {
  readonly provider: string;
  readonly host: string;
  readonly source: PriceSource;
  readonly find: FindModel;
}

/**
 * Models that the data has for a provider, as far as they have a price for tokens and are not about to go. None for Azure, where models
 * are called by the names that their owner gave to deployments.
 */
export function listModels({ provider, host, source, find }: Listing): KnownModel[] {
  const vendor = host === 'azure' ? undefined : vendorOf(host);
  const known = vendor === undefined ? undefined : source(vendor);
  if (known === undefined) return [];
  return known.models.flatMap(({ id, deprecated }): KnownModel[] => {
    const model = id.startsWith(REGIONAL) ? id.slice(REGIONAL.length) : id;
    // Claude is on Vertex alone.
    if (deprecated || NO_NAME.test(model) || (host.startsWith('gemini') && model.startsWith('claude'))) return [];
    const target = { provider, model };
    const facts = find(target);
    return facts?.price === undefined ? [] : [{ id: formatTarget(target), ...target, facts }];
  });
}
