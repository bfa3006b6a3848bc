import { operationOf, wrongOption } from '@x/core';
import { adapter, type Adapter } from '../adapter/adapter.ts';
import { DEFAULT_QUIRKS, type HostQuirks } from '../dialects/quirks.ts';
import type { Surface, Surfaces } from '../adapter/surface.ts';
import { findDefaults } from '../defaults/provider-defaults.ts';
import { profileOf } from '../defaults/profile-of.ts';
import { ANY_REST, CHAT, EMBEDDINGS, OPENAI_SURFACES, type OpenAIDialect } from '../defaults/surfaces.ts';
import type { AdapterOptions } from '../options.ts';

export interface OpenAICompatibleOptions extends AdapterOptions {
  /** A host of PROVIDER_DEFAULTS, which then supplies what is left out here, or any name of your own. */
  readonly name: string;
  /** The host of PROVIDER_DEFAULTS that it is, where the name is your own. @default the name */
  readonly host?: string;
  /** Where the API begins, version included. @default the host's own; without one it must be given */
  readonly baseURL?: string;
  /** The endpoint wants no key, as a server of your own may. @default false */
  readonly keyless?: boolean;
  /** What it speaks of OpenAI's dialects, the preferred one first. @default what is known of the host, else `['openai.chat']` */
  readonly dialects?: readonly OpenAIDialect[];
  /** Where the host differs from OpenAI in what it takes. @default the host's own row, else those of `HostQuirks` */
  readonly quirks?: Partial<HostQuirks>;
}

/** Any host that speaks OpenAI's Chat Completions, or its Responses. */
export function openaiCompatible(options: OpenAICompatibleOptions): Adapter {
  const { name, host = name, dialects, quirks, keyless } = options;
  if (typeof name !== 'string' || name.trim() === '') {
    throw wrongOption('openaiCompatible: name', name, 'a non-empty string');
  }
  if (keyless !== undefined && typeof keyless !== 'boolean') {
    throw wrongOption('openaiCompatible: keyless', keyless, 'true or false');
  }
  if (quirks !== undefined && typeof quirks !== 'object')
    throw wrongOption('openaiCompatible: quirks', quirks, 'an object');
  const defaults = findDefaults(host);
  const known = defaults?.surfaces[0].dialect === 'openai.chat' ? defaults : undefined;
  const baseURL = options.baseURL ?? known?.baseURL;
  if (baseURL === undefined) {
    throw new TypeError(
      `openaiCompatible: baseURL must be given for ${JSON.stringify(name)}, which is no known host with one`,
    );
  }
  // A provider refuses in the same words on whichever of its surfaces it is asked.
  const { errors = [], resets = [], quirks: usual = {} } = defaults ?? {};
  const usualSurfaces: Surfaces = known?.surfaces ?? [...CHAT, EMBEDDINGS, ANY_REST];
  const surfaces: Surfaces =
    dialects === undefined ? usualSurfaces : [...surfacesOf(dialects), ...beside(usualSurfaces)];
  const profile = profileOf({ surfaces, errors, resets, quirks: usual });
  const own = known?.local === true;
  return adapter({
    allowPrivateNetwork: own,
    keyless: own && options.credential === undefined,
    ...options,
    factory: 'openaiCompatible',
    baseURL,
    profile: { ...profile, quirks: { ...DEFAULT_QUIRKS, ...profile.quirks, ...quirks } },
  });
}

/** What it has that is no chat. */
function beside(surfaces: Surfaces): readonly Surface[] {
  return surfaces.filter(({ dialect }) => operationOf(dialect) !== 'chat');
}

function surfacesOf(dialects: readonly OpenAIDialect[]): Surfaces {
  const [first, ...others] = dialects.map((dialect) => {
    if (Object.hasOwn(OPENAI_SURFACES, dialect)) return OPENAI_SURFACES[dialect];
    const known = Object.keys(OPENAI_SURFACES).join(', ');
    throw new TypeError(`openaiCompatible: dialects must be among ${known}, got ${JSON.stringify(dialect)}`);
  });
  if (first === undefined) throw new TypeError('openaiCompatible: dialects must hold at least one');
  return [first, ...others];
}
