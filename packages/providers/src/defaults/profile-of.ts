import type { ProviderProfile } from '../adapter/profile.ts';
import { DEFAULT_QUIRKS } from '../dialects/quirks.ts';
import { geminiMethod, modelPath } from '../gemini/path.ts';
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

/** Where the path names the model, and tells a stream from a whole answer, the body must do neither. */
const IN_PATH = { model: undefined, stream: undefined };

const GEMINI: Family = {
  dialect: 'gemini.generate',
  path: (model, stream) => `/${modelPath(model)}${geminiMethod(stream)}`,
  members: IN_PATH,
  auth: { header: 'x-goog-api-key', prefix: '' },
  headers: {},
  forward: [],
};

/** Ids hold `:` and, as ARNs, `/`: all of them one segment of the path. */
const BEDROCK: Family = {
  dialect: 'bedrock.converse',
  path: (model, stream) => `/model/${encodeURIComponent(model)}/${stream ? 'converse-stream' : 'converse'}`,
  members: IN_PATH,
  auth: undefined,
  headers: {},
  forward: [],
};

const COHERE: Family = {
  dialect: 'cohere.chat',
  path: '/chat',
  auth: { header: 'authorization', prefix: 'Bearer ' },
  headers: {},
  forward: ['x-client-name'],
};

const FAMILIES: Readonly<Record<ProviderDefaults['dialect'], Family>> = {
  'openai.chat': OPENAI,
  'anthropic.messages': ANTHROPIC,
  'gemini.generate': GEMINI,
  'bedrock.converse': BEDROCK,
  'cohere.chat': COHERE,
};

/** All that an adapter needs to know of a provider, from its row and the dialect that it speaks. */
export function profileOf(row: Pick<ProviderDefaults, 'dialect' | 'errors' | 'resets' | 'quirks'>): ProviderProfile {
  const { dialect, errors, resets, quirks } = row;
  return { ...FAMILIES[dialect], errors, resets, quirks: { ...DEFAULT_QUIRKS, ...quirks } };
}
