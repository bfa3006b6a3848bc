import { parseTarget, type FindModel, type ModelFacts, type Target } from '@x/core';
import { BoundedTable } from './bounded-table.ts';
import { limitsOf } from './data/limits.ts';
import { findModel, matches } from './data/match.ts';
import { vendorOf } from './data/vendors.ts';
import { listModels, type KnownModel } from './list-models.ts';
import { CATALOG_DEFAULTS, resolveAliases, type CatalogOptions, type TargetChain } from './options.ts';
import { Overrides } from './overrides.ts';
import { priceAt } from './price/price-at.ts';

/** What is known of models. */
export interface Catalog {
  /** What is known of one: what the overrides say, then what the data does. The same object each time. */
  readonly find: FindModel;
  /**
   * Whom a name without a provider means: the alias of that name, else one of the providers that has such a model. `preferred` is
   * asked first, then the vendor itself, then the others in their order. Undefined where nobody has it.
   */
  readonly resolve: (name: string, preferred?: string) => TargetChain | undefined;
  /** Models that the data has for the providers, by id. */
  readonly list: () => readonly KnownModel[];
}

/** No vendor has longer names of models; ARNs are the longest. */
const LONGEST_NAME = 512;

interface Entry {
  readonly facts: ModelFacts | undefined;
  /** Epoch milliseconds. */
  readonly until: number;
}

/**
 * Models, what they cost and what fits into them. Nothing is fetched: the data comes with the package or in a file.
 * @throws TypeError or RangeError that names the option
 */
export function createCatalog(options: CatalogOptions = {}): Catalog {
  const { providers, overrides: given = {}, aliases: names = {} } = options;
  const { prices: source = CATALOG_DEFAULTS.prices, clock = CATALOG_DEFAULTS.clock } = options;
  const overrides = new Overrides(given);
  const aliases = resolveAliases(names);
  const configured = Object.keys(providers ?? {});
  const hostOf = (provider: string) => (providers === undefined ? provider : providers[provider]);
  const entries = new BoundedTable<Entry>();
  const resolved = new BoundedTable<{ readonly chain: TargetChain | undefined }>();

  function modelOf({ provider, model }: Target) {
    const host = hostOf(provider);
    const vendor = host === undefined ? undefined : vendorOf(host);
    return vendor === undefined ? undefined : findModel(source, vendor, model);
  }

  function lookUp(target: Target): Entry {
    const own = overrides.of(target);
    const found = modelOf(target);
    const limits = limitsOf(target.model);
    const { price, until } = found ? priceAt(found.prices, clock.now()) : { price: undefined, until: Infinity };
    const facts: ModelFacts = {
      contextWindow: own.contextWindow ?? limits?.contextWindow ?? found?.context_window,
      maxOutputTokens: own.maxOutputTokens ?? limits?.maxOutputTokens,
      price: own.price ?? price,
    };
    const isKnown = found !== undefined || Object.values(own).some((value) => value !== undefined);
    return { facts: isKnown ? facts : undefined, until };
  }

  const find: FindModel = (target) => {
    const { provider, model } = target;
    const known = entries.get(provider, model);
    if (known !== undefined && (known.until === Infinity || clock.now() < known.until)) return known.facts;
    if (model.length > LONGEST_NAME || (providers !== undefined && !Object.hasOwn(providers, provider)))
      return undefined;
    const entry = lookUp(target);
    entries.set(provider, model, entry);
    return entry.facts;
  };

  const has = (target: Target) => overrides.names(target) || modelOf(target) !== undefined;

  function isVendor(provider: string, model: string): boolean {
    const vendor = vendorOf(hostOf(provider) ?? '');
    const rule = vendor === undefined ? undefined : source(vendor)?.model_match;
    return rule !== undefined && matches(rule, model.toLowerCase());
  }

  function search(model: string, preferred: string | undefined): TargetChain | undefined {
    const having = configured.filter((provider) => has({ provider, model }));
    const provider =
      having.find((name) => name === preferred) ?? having.find((name) => isVendor(name, model)) ?? having[0];
    return provider === undefined ? undefined : [parseTarget(`${provider}/${model}`, 'model')];
  }

  return {
    find,
    resolve(name, preferred) {
      const alias = aliases.get(name);
      if (alias !== undefined || configured.length === 0 || name === '' || name.length > LONGEST_NAME) return alias;
      let known = resolved.get(preferred ?? '', name);
      if (known === undefined) resolved.set(preferred ?? '', name, (known = { chain: search(name, preferred) }));
      return known.chain;
    },
    list: () =>
      configured
        .flatMap((provider) => {
          const host = hostOf(provider);
          return host === undefined ? [] : listModels({ provider, host, source, find });
        })
        .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  };
}
