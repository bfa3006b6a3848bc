import { adapter, type Adapter } from '../adapter/adapter.ts';
import { PROVIDER_DEFAULTS } from '../defaults/provider-defaults.ts';
import { profileOf } from '../defaults/profile-of.ts';
import { checkBaseURL, type AdapterOptions } from '../options.ts';

export type AnthropicOptions = AdapterOptions;

/** Anthropic, over Messages. A base URL without a version, as Anthropic's own client takes it, gets `/v1`. */
export function anthropic(options: AnthropicOptions = {}): Adapter {
  const defaults = PROVIDER_DEFAULTS.anthropic;
  const { name = 'anthropic', baseURL = defaults.baseURL } = options;
  checkBaseURL('anthropic', baseURL);
  return adapter({ ...options, factory: 'anthropic', name, baseURL: versioned(baseURL), profile: profileOf(defaults) });
}

function versioned(baseURL: string): string {
  const trimmed = baseURL.replace(/\/+$/, '');
  return /\/v\d+\w*$/.test(trimmed) ? trimmed : `${trimmed}/v1`;
}
