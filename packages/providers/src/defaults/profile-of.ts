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

/** All that an adapter needs to know of a provider, from its row and the dialect that it speaks. */
export function profileOf(row: Pick<ProviderDefaults, 'dialect' | 'errors' | 'resets' | 'quirks'>): ProviderProfile {
  const { dialect, errors, resets, quirks } = row;
  const family = dialect === 'anthropic.messages' ? ANTHROPIC : OPENAI;
  return { ...family, errors, resets, quirks: { ...DEFAULT_QUIRKS, ...quirks } };
}
