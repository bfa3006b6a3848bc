import type { ProviderProfile } from '../adapter/profile.ts';
import { DEFAULT_QUIRKS } from '../dialects/quirks.ts';
import type { ProviderDefaults } from './provider-defaults.ts';

type Family = Omit<ProviderProfile, 'errors' | 'resets' | 'quirks'>;

const OPENAI: Family = {
  dialect: 'openai.chat',
  path: '/chat/completions',
  auth: { header: 'authorization', prefix: 'Bearer ' },
  headers: {},
  forward: ['openai-beta', 'x-client-request-id'],
};

const ANTHROPIC: Family = {
  dialect: 'anthropic.messages',
  path: '/messages',
  auth: { header: 'x-api-key', prefix: '' },
  headers: { 'anthropic-version': '2023-06-01' },
  forward: ['anthropic-version', 'anthropic-beta'],
};

/** Ids hold `:` and, as ARNs, `/`: all of them one segment of the path. */
const BEDROCK: Family = {
  dialect: 'bedrock.converse',
  path: (model, stream) => `/model/${encodeURIComponent(model)}/${stream ? 'converse-stream' : 'converse'}`,
  auth: undefined,
  headers: {},
  forward: [],
};

const FAMILIES: Readonly<Record<ProviderDefaults['dialect'], Family>> = {
  'openai.chat': OPENAI,
  'anthropic.messages': ANTHROPIC,
  'bedrock.converse': BEDROCK,
};

/** All that an adapter needs to know of a provider, from its row and the dialect that it speaks. */
export function profileOf(row: Pick<ProviderDefaults, 'dialect' | 'errors' | 'resets' | 'quirks'>): ProviderProfile {
  const { dialect, errors, resets, quirks } = row;
  return { ...FAMILIES[dialect], errors, resets, quirks: { ...DEFAULT_QUIRKS, ...quirks } };
}
