import type { Environment, ProviderConfig } from '../config.ts';
import { KNOWN_PROVIDERS, PROVIDER_TYPES } from '../known-providers.ts';
import { listed } from '../schema/messages.ts';
import type { ProviderInput } from '../schema/providers.ts';
import type { PathStep } from '../text/problems.ts';
import { resolveBaseURL } from './base-url.ts';
import type { Findings } from './findings.ts';
import { resolveKeys } from './keys.ts';

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
  const baseURL = input.baseURL ?? known?.baseURL ?? KNOWN_PROVIDERS.get(type)?.baseURL;
  const at = { path: [...path, 'baseURL'], findings };
  const url = baseURL === undefined ? findings.add(at.path, 'is needed') : resolveBaseURL(baseURL, env, at);
  const optional = type === 'openai-compatible' && (known === undefined || input.keys !== undefined);
  const keys = resolveKeys({ provider: name, keys: input.keys, known, optional, path }, env, findings);
  return url === undefined ? undefined : { type, baseURL: url, keys, prefill: input.prefill, timeouts: input.timeouts };
}
