import { adapter, type Adapter } from '../adapter/adapter.ts';
import { PROVIDER_DEFAULTS } from '../defaults/provider-defaults.ts';
import { profileOf } from '../defaults/profile-of.ts';
import { checkBaseURL, type AdapterOptions } from '../options.ts';

export interface GeminiOptions extends AdapterOptions {
  /** The endpoint wants no key, as a server of your own may. @default false */
  readonly keyless?: boolean;
}

/** Google Gemini, over generateContent. A base URL without a version, as Google's own client takes it, gets `/v1beta`. */
export function gemini(options: GeminiOptions = {}): Adapter {
  const defaults = PROVIDER_DEFAULTS.gemini;
  const { name = 'gemini', baseURL = defaults.baseURL } = options;
  checkBaseURL('gemini', baseURL);
  return adapter({ ...options, factory: 'gemini', name, baseURL: versioned(baseURL), profile: profileOf(defaults) });
}

function versioned(baseURL: string): string {
  const trimmed = baseURL.replace(/\/+$/, '');
  return /\/v\d+\w*$/.test(trimmed) ? trimmed : `${trimmed}/v1beta`;
}
