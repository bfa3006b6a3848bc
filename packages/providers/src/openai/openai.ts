import { adapter, type Adapter } from '../adapter/adapter.ts';
import { PROVIDER_DEFAULTS } from '../defaults/provider-defaults.ts';
import { profileOf } from '../defaults/profile-of.ts';
import type { AdapterOptions } from '../options.ts';

export type OpenAIOptions = AdapterOptions;

/** OpenAI, over Chat Completions. */
export function openai(options: OpenAIOptions = {}): Adapter {
  const defaults = PROVIDER_DEFAULTS.openai;
  const { name = 'openai', baseURL = defaults.baseURL } = options;
  return adapter({ ...options, factory: 'openai', name, baseURL, profile: profileOf(defaults) });
}
