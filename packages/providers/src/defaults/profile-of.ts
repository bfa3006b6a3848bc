import type { ProviderProfile } from '../adapter/profile.ts';
import type { Surface } from '../adapter/surface.ts';
import { DEFAULT_QUIRKS } from '../dialects/quirks.ts';
import type { ProviderDefaults } from './provider-defaults.ts';

/** What goes into headers, by whose API it is. */
type Family = Pick<ProviderProfile, 'auth' | 'headers' | 'forward'>;

const OPENAI: Family = {
  auth: { header: 'authorization', prefix: 'Bearer ' },
  headers: {},
  forward: ['openai-beta', 'x-client-request-id'],
};

const ANTHROPIC: Family = {
  auth: { header: 'x-api-key', prefix: '' },
  headers: { 'anthropic-version': '2023-06-01' },
  forward: ['anthropic-version', 'anthropic-beta'],
};

const GEMINI: Family = { auth: { header: 'x-goog-api-key', prefix: '' }, headers: {}, forward: [] };

const BEDROCK: Family = { auth: undefined, headers: {}, forward: [] };

const COHERE: Family = {
  auth: { header: 'authorization', prefix: 'Bearer ' },
  headers: {},
  forward: ['x-client-name'],
};

const FAMILIES: Partial<Readonly<Record<Surface['dialect'], Family>>> = {
  'anthropic.messages': ANTHROPIC,
  'gemini.generate': GEMINI,
  'bedrock.converse': BEDROCK,
  'cohere.chat': COHERE,
};

/** All that an adapter needs to know of a provider, from its row. */
export function profileOf(row: Pick<ProviderDefaults, 'surfaces' | 'errors' | 'resets' | 'quirks'>): ProviderProfile {
  const { surfaces, errors, resets, quirks } = row;
  const family = FAMILIES[surfaces[0].dialect] ?? OPENAI;
  return { ...family, surfaces, errors, resets, quirks: { ...DEFAULT_QUIRKS, ...quirks } };
}
