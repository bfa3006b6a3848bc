import { adapter, type Adapter } from '../adapter/adapter.ts';
import { PROVIDER_DEFAULTS } from '../defaults/provider-defaults.ts';
import { profileOf } from '../defaults/profile-of.ts';
import type { AdapterOptions } from '../options.ts';

export type CohereOptions = AdapterOptions;

/** Cohere, over version 2 of its chat. */
export function cohere(options: CohereOptions = {}): Adapter {
  const defaults = PROVIDER_DEFAULTS.cohere;
  const { name = 'cohere', baseURL = defaults.baseURL } = options;
  return adapter({ ...options, factory: 'cohere', name, baseURL, profile: profileOf(defaults) });
}
