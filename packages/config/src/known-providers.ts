import { PROVIDER_DEFAULTS, type ProviderDefaults } from '@x/providers';

/** What an adapter speaks. */
export const PROVIDER_TYPES = ['openai', 'anthropic', 'openai-compatible', 'gemini', 'vertex'] as const;
export type ProviderType = (typeof PROVIDER_TYPES)[number];

/** What is known of a provider by its name alone. */
export interface KnownProvider {
  readonly type: ProviderType;
  readonly baseURL: string;
  /** The environment variable that usually holds its key. */
  readonly keyVariable: string;
}

export const KNOWN_PROVIDERS: ReadonlyMap<string, KnownProvider> = new Map(
  Object.entries<ProviderDefaults>(PROVIDER_DEFAULTS).map(([name, { dialect, baseURL, keyEnv }]) => [
    name,
    { type: typeOf(name, dialect), baseURL, keyVariable: keyEnv },
  ]),
);

function typeOf(name: string, dialect: ProviderDefaults['dialect']): ProviderType {
  if (dialect === 'anthropic.messages') return 'anthropic';
  if (dialect === 'gemini.generate') return name === 'vertex' ? 'vertex' : 'gemini';
  return name === 'openai' ? 'openai' : 'openai-compatible';
}
