import { vertexBaseURL } from '@x/providers';
import type { Environment, ProviderConfig } from '../config.ts';
import { KNOWN_PROVIDERS, PROVIDER_TYPES, type KnownProvider, type ProviderType } from '../known-providers.ts';
import { listed } from '../schema/messages.ts';
import type { ProviderInput } from '../schema/providers.ts';
import type { PathStep } from '../text/problems.ts';
import { resolveBaseURL } from './base-url.ts';
import type { Findings } from './findings.ts';
import { resolveKeys } from './keys.ts';
import { resolvePlace, type Place } from './vertex.ts';

export interface NamedProvider {
  readonly name: string;
  readonly input: ProviderInput;
  readonly path: readonly PathStep[];
}

/** Fills in what is known of a provider by its name, or by the name of its type. */
export function resolveProvider(
  { name, input, path }: NamedProvider,
  env: Environment,
  findings: Findings,
): ProviderConfig | undefined {
  const known = KNOWN_PROVIDERS.get(name);
  const type = input.type ?? known?.type;
  if (type === undefined) {
    const types = listed(PROVIDER_TYPES.map((option) => `"${option}"`));
    return findings.add([...path, 'type'], `is needed, as "${name}" is no known provider: ${types}`);
  }
  // A key for a known provider must not go to wherever the type's own default points.
  const place = resolvePlace({ ...input, type }, env, { path, findings });
  const baseURL = input.baseURL ?? usualURL(type, known, place);
  const at = { path: [...path, 'baseURL'], findings };
  const url = baseURL === undefined ? findings.add(at.path, 'is needed') : resolveBaseURL(baseURL, env, at);
  // Without keys Vertex is called with access tokens of Google's default credentials.
  const optional =
    type === 'vertex' || (type === 'openai-compatible' && (known === undefined || input.keys !== undefined));
  const keys = resolveKeys({ provider: name, keys: input.keys, known, optional, path }, env, findings);
  if (type === 'vertex' && keys.length === 0 && place.project === undefined) {
    findings.add([...path, 'project'], 'is needed for a provider without keys');
  }
  if (url === undefined) return undefined;
  const { models, prefill, timeouts } = input;
  return { type, baseURL: url, ...place, keys, models, prefill, timeouts };
}

/** Where a provider usually is. The address of one that speaks something else than `type` would be of no use. */
function usualURL(type: ProviderType, known: KnownProvider | undefined, { location }: Place): string | undefined {
  if (type === 'vertex') return vertexBaseURL(location);
  if (known === undefined) return KNOWN_PROVIDERS.get(type)?.baseURL;
  return PROTOCOLS[known.type] === PROTOCOLS[type] ? known.baseURL : undefined;
}

const PROTOCOLS: Readonly<Record<ProviderType, string>> = {
  openai: 'openai',
  'openai-compatible': 'openai',
  anthropic: 'anthropic',
  gemini: 'gemini',
  vertex: 'vertex',
};
