import { bedrockURL, vertexBaseURL } from '@x/providers';
import type { Environment } from '../config.ts';
import type { KnownProvider, ProviderType } from '../known-providers.ts';

/** What an address depends on, beside the provider. */
export interface Whereabouts {
  /** Of Bedrock. */
  readonly region: string | undefined;
  /** Of Vertex. */
  readonly location: string | undefined;
  readonly env: Environment;
}

/** Where a provider usually is. The address of one that speaks something else than `type` would be of no use. */
export function usualURL(
  type: ProviderType,
  known: KnownProvider | undefined,
  { region, location, env }: Whereabouts,
): string | undefined {
  if (type === 'vertex') return vertexBaseURL(location);
  if (type === 'bedrock') return region === undefined ? undefined : bedrockURL(region);
  if (known === undefined || PROTOCOLS[known.type] !== PROTOCOLS[type]) return undefined;
  if (known.baseURL !== undefined) return known.baseURL;
  const variable = known.baseURLVariable;
  return variable !== undefined && env[variable]?.trim() ? `env.${variable}` : undefined;
}

const PROTOCOLS: Readonly<Record<ProviderType, string>> = {
  openai: 'openai',
  'openai-compatible': 'openai',
  anthropic: 'anthropic',
  'anthropic-compatible': 'anthropic',
  azure: 'azure',
  bedrock: 'bedrock',
  cohere: 'cohere',
  gemini: 'gemini',
  'gemini-compatible': 'gemini',
  vertex: 'vertex',
};
