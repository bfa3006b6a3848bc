import type { Dialect } from '@x/core';
import { PROVIDER_DEFAULTS, type ProviderDefaults } from '@x/providers';

/** What an adapter speaks. */
export const PROVIDER_TYPES = [
  'openai',
  'anthropic',
  'openai-compatible',
  'anthropic-compatible',
  'azure',
  'bedrock',
  'cohere',
  'gemini',
  'gemini-compatible',
  'vertex',
] as const;
export type ProviderType = (typeof PROVIDER_TYPES)[number];

/** What is known of a provider by its name alone. */
export interface KnownProvider {
  readonly type: ProviderType;
  readonly baseURL: string | undefined;
  /** The environment variable that usually holds its address, where each account has its own. */
  readonly baseURLVariable: string | undefined;
  /** The environment variable that usually holds its key. */
  readonly keyVariable: string | undefined;
  /** Setting that variable is enough to have the provider. */
  readonly byVariable: boolean;
  /** A server of one's own: on a private address, without a key. */
  readonly local: boolean;
}

export const KNOWN_PROVIDERS: ReadonlyMap<string, KnownProvider> = new Map(
  Object.entries<ProviderDefaults>(PROVIDER_DEFAULTS).map(([name, row]) => [
    name,
    {
      type: typeOf(name, row.surfaces[0].dialect),
      baseURL: row.baseURL,
      baseURLVariable: row.baseURLEnv,
      keyVariable: row.keyEnv,
      byVariable: row.keyEnv !== undefined && row.sharedKeyEnv !== true,
      local: row.local === true,
    },
  ]),
);

/** What `type` may say: what an adapter speaks, or a known provider under another name. */
export const TYPE_NAMES = [...new Set([...PROVIDER_TYPES, ...KNOWN_PROVIDERS.keys()])] as [string, ...string[]];

function typeOf(name: string, dialect: Dialect): ProviderType {
  if (dialect === 'anthropic.messages') return 'anthropic';
  if (dialect === 'gemini.generate') return name === 'vertex' ? 'vertex' : 'gemini';
  if (dialect === 'bedrock.converse') return 'bedrock';
  if (dialect === 'cohere.chat') return 'cohere';
  return name === 'openai' || name === 'azure' ? name : 'openai-compatible';
}
