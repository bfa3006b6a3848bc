import { adapter, type Adapter } from '../adapter/adapter.ts';
import { profileOf } from '../defaults/profile-of.ts';
import { MESSAGE_COUNTS, MESSAGES } from '../defaults/surfaces.ts';
import type { AdapterOptions } from '../options.ts';

export interface AnthropicCompatibleOptions extends AdapterOptions {
  /** Stands in messages and stack traces. */
  readonly name: string;
  /** Where the API begins, version included: `/messages` is added to it. */
  readonly baseURL: string;
  /** The endpoint wants no key, as a server of your own may. @default false */
  readonly keyless?: boolean;
}

/** Any endpoint that speaks Anthropic's Messages: DeepSeek's, Ollama's, a gateway. The key goes out as `x-api-key`. */
export function anthropicCompatible(options: AnthropicCompatibleOptions): Adapter {
  const profile = profileOf({ surfaces: [...MESSAGES, MESSAGE_COUNTS], errors: [], resets: [], quirks: {} });
  return adapter({ ...options, factory: 'anthropicCompatible', profile });
}
