import { describe, described, wrongOption, type Context, type LlmRequest, type LlmResponse } from '@x/core';
import { adapter, type Adapter } from '../adapter/adapter.ts';
import type { ProviderProfile } from '../adapter/profile.ts';
import type { Surface, Surfaces } from '../adapter/surface.ts';
import { PROVIDER_DEFAULTS } from '../defaults/provider-defaults.ts';
import { profileOf } from '../defaults/profile-of.ts';
import { GENERATE, MESSAGES } from '../defaults/surfaces.ts';
import { geminiMethod, pathStep } from '../gemini/path.ts';
import type { AdapterOptions } from '../options.ts';
import { undiciTransport } from '../transport/undici-transport.ts';
import { googleToken } from './google-token.ts';

export interface VertexOptions extends AdapterOptions {
  /** The Google Cloud project. Without one only API keys work (Vertex in express mode). @default none */
  readonly project?: string;
  /** Where the models run: a region, `us`, `eu` or `global`. @default 'global' */
  readonly location?: string;
  /** What calls are authenticated with: access tokens, or API keys from the pool or `credential`. @default keys where there is a `credential`, else tokens */
  readonly authentication?: 'token' | 'key';
  /** Gives an access token; asked before each call, so it should keep those that are still good. @default Google's default credentials, through google-auth-library */
  readonly accessToken?: () => string | Promise<string>;
}

const NAME = /^[\w.:-]+$/;

/** Where the models of a location are. */
export function vertexBaseURL(location = 'global'): string {
  if (location === 'global') return 'https://aiplatform.googleapis.com/v1';
  if (location === 'us' || location === 'eu') return `https://aiplatform.${location}.rep.googleapis.com/v1`;
  return `https://${location}-aiplatform.googleapis.com/v1`;
}

/** Google Vertex AI: Gemini over generateContent, and Claude (models whose name begins so) over Messages. */
export function vertex(options: VertexOptions = {}): Adapter {
  const { name = 'vertex', project, location = 'global', accessToken } = options;
  const { authentication = options.credential === undefined ? 'token' : 'key', baseURL = vertexBaseURL(location) } =
    options;
  for (const [option, value] of Object.entries({ project, location })) {
    if (value !== undefined && !(typeof value === 'string' && NAME.test(value))) {
      throw wrongOption(`vertex: ${option}`, value, 'a name of Google Cloud');
    }
  }
  if (authentication !== 'token' && authentication !== 'key') {
    throw wrongOption('vertex: authentication', authentication, '"token" or "key"');
  }
  if (accessToken !== undefined && typeof accessToken !== 'function') {
    throw wrongOption('vertex: accessToken', accessToken, 'a function');
  }
  if (authentication === 'token' && project === undefined)
    throw new TypeError('vertex: project must be given for access tokens');
  const token = authentication === 'token' ? (accessToken ?? googleToken()) : undefined;
  const root = project === undefined ? '' : `/projects/${project}/locations/${location}`;
  const transport = options.transport ?? undiciTransport({ allowPrivateNetwork: options.allowPrivateNetwork ?? false });
  const parts = { ...options, factory: 'vertex', name, baseURL, transport, token };
  const google = adapter({
    ...parts,
    profile: onVertex(profileOf(PROVIDER_DEFAULTS.vertex), googleSurfaces(root), token !== undefined),
  });
  const claude = adapter({ ...parts, profile: onVertex(CLAUDE, [claudeSurface(root)], token !== undefined) });
  const adapterOf = ({ target }: LlmRequest) => (isClaude(target.model) ? claude : google);
  function vertex(request: LlmRequest, context: Context): Promise<LlmResponse> {
    return adapterOf(request)(request, context);
  }
  const serves = (request: LlmRequest) => adapterOf(request).serves(request);
  const [description = { name }] = describe(google);
  return described(Object.assign(vertex, { serves }), description);
}

/** Messages without the model, and with the version in the body. Google refuses in its own words, Claude's host in Anthropic's. */
const CLAUDE: ProviderProfile = {
  ...profileOf({
    ...PROVIDER_DEFAULTS.anthropic,
    errors: [...PROVIDER_DEFAULTS.vertex.errors, ...PROVIDER_DEFAULTS.anthropic.errors],
    resets: [],
  }),
  headers: {},
  forward: ['anthropic-beta'],
};

function onVertex(profile: ProviderProfile, surfaces: Surfaces, token: boolean): ProviderProfile {
  const auth = token ? { header: 'authorization', prefix: 'Bearer ' } : { header: 'x-goog-api-key', prefix: '' };
  return { ...profile, surfaces, auth };
}

function googleSurfaces(root: string): Surfaces {
  const at = (model: string) => `${root}/publishers/google/models/${pathStep(without('google/', model))}`;
  return [
    { ...GENERATE[0], path: (model, stream) => at(model) + geminiMethod(stream) },
    { dialect: 'vertex.predict', path: (model) => `${at(model)}:predict` },
  ];
}

const claudeSurface = (root: string): Surface => ({
  ...MESSAGES[0],
  path: (model, stream) =>
    `${root}/publishers/anthropic/models/${pathStep(without('anthropic/', model))}:${stream ? 'streamRawPredict' : 'rawPredict'}`,
  members: { model: undefined, anthropic_version: 'vertex-2023-10-16' },
});

function isClaude(model: string): boolean {
  return model.startsWith('claude') || model.startsWith('anthropic/');
}

function without(publisher: string, model: string): string {
  return model.startsWith(publisher) ? model.slice(publisher.length) : model;
}
