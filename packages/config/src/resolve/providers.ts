import { isAwsRegion, refusedURL } from '@x/providers';
import type { Environment, ProviderConfig } from '../config.ts';
import { KNOWN_PROVIDERS, PROVIDER_TYPES } from '../known-providers.ts';
import { listed } from '../schema/messages.ts';
import type { ProviderInput } from '../schema/providers.ts';
import type { PathStep } from '../text/problems.ts';
import { resolveBaseURL } from './base-url.ts';
import type { Findings } from './findings.ts';
import { resolveKeys } from './keys.ts';
import { usualURL } from './usual-url.ts';
import { resolvePlace } from './vertex.ts';

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
  const host = hostOf(name, input);
  const known = host === undefined ? undefined : KNOWN_PROVIDERS.get(host);
  const type = PROVIDER_TYPES.find((option) => option === input.type) ?? known?.type;
  if (type === undefined) {
    const types = listed(PROVIDER_TYPES.map((option) => `"${option}"`));
    return findings.add([...path, 'type'], `is needed, as "${name}" is no known provider: ${types}`);
  }
  const region = type === 'bedrock' ? regionOf(input, env, { path: [...path, 'region'], findings }) : undefined;
  if (type !== 'bedrock' && input.region !== undefined) findings.add([...path, 'region'], 'is for Bedrock alone');
  const place = resolvePlace({ ...input, type }, env, { path, findings });
  const at = { path: [...path, 'baseURL'], findings };
  const baseURL = input.baseURL ?? usualURL(type, known, { region, location: place.location, env });
  const allowPrivateNetwork = input.allowPrivateNetwork ?? known?.local ?? false;
  // A region that is missing is said already.
  if (baseURL === undefined && type !== 'bedrock') findings.add(at.path, 'is needed');
  const url = baseURL === undefined ? undefined : resolveBaseURL(baseURL, env, at);
  const refused = url === undefined ? undefined : refusedURL(url, allowPrivateNetwork);
  if (refused !== undefined) findings.add(at.path, `cannot be called: ${refused}`);
  const { apiVersion } = input;
  if (apiVersion !== undefined && type !== 'azure') findings.add([...path, 'apiVersion'], 'is for Azure alone');
  if (apiVersion !== undefined && !/^\d{4}-\d{2}-\d{2}(?:-preview)?$/.test(apiVersion)) {
    findings.add([...path, 'apiVersion'], 'must be a date such as 2024-10-21');
  }
  const { dialects, models, prefill, timeouts } = input;
  if (dialects !== undefined && type !== 'openai-compatible') {
    findings.add([...path, 'dialects'], 'is for openai-compatible providers alone');
  }
  const compatible = type.endsWith('-compatible');
  // Without keys Bedrock and Vertex are called with what AWS's and Google's default chains find.
  const byChain = type === 'bedrock' || type === 'vertex';
  const ownServer = known === undefined || known.local || (input.keys !== undefined && input.baseURL !== undefined);
  const optional = byChain || (compatible && ownServer);
  const keys = resolveKeys({ provider: name, keys: input.keys, known, optional, path }, env, findings);
  if (type === 'vertex' && keys.length === 0 && place.project === undefined) {
    findings.add([...path, 'project'], 'is needed for a provider without keys');
  }
  if (url === undefined) return undefined;
  const own = { apiVersion, dialects, region, ...place };
  return { type, host, baseURL: url, allowPrivateNetwork, ...own, keys, models, prefill, timeouts };
}

/** AWS's own clients look there too. */
function regionOf(
  { region }: ProviderInput,
  env: Environment,
  { path, findings }: { readonly path: readonly PathStep[]; readonly findings: Findings },
): string | undefined {
  const given = region ?? (env['AWS_REGION']?.trim() || env['AWS_DEFAULT_REGION']?.trim());
  if (!given) return findings.add(path, 'is needed, here or in the environment variable AWS_REGION');
  return isAwsRegion(given) ? given : findings.add(path, 'must be a region such as us-east-1');
}

/**
 * The known provider that is meant: the one that `type` names, else the provider's own name. A type that says what is spoken makes
 * no other provider of a known name: its key must not go to wherever the type's own default points.
 */
function hostOf(name: string, { type }: ProviderInput): string | undefined {
  const spoken = PROVIDER_TYPES.some((option) => option === type);
  if (type !== undefined && KNOWN_PROVIDERS.has(type) && !(spoken && KNOWN_PROVIDERS.has(name))) return type;
  return KNOWN_PROVIDERS.has(name) ? name : undefined;
}
