import type { ResetHeader } from '@x/core';
import type { Surfaces } from '../adapter/surface.ts';
import { ANTHROPIC_ROWS } from '../anthropic/error-rows.ts';
import { COHERE_ROWS } from '../cohere/error-rows.ts';
import type { HostQuirks } from '../dialects/quirks.ts';
import type { ErrorRow } from '../errors/error-row.ts';
import { GEMINI_ROWS } from '../gemini/error-rows.ts';
import { OPENAI_ROWS } from '../openai/error-rows.ts';
import {
  CEREBRAS_ROWS,
  DEEPSEEK_ROWS,
  FIREWORKS_ROWS,
  GROQ_ROWS,
  MISTRAL_ROWS,
  NVIDIA_ROWS,
  OPENROUTER_ROWS,
  PERPLEXITY_ROWS,
  TOGETHER_ROWS,
  XAI_ROWS,
} from '../openai-compatible/error-rows.ts';
import { VERTEX_ROWS } from '../vertex/error-rows.ts';
import { LOCAL_ENGINES } from './local-engines.ts';
import { MORE_HOSTS } from './more-hosts.ts';
import {
  ANTHROPIC_RESETS,
  CEREBRAS_RESETS,
  COHERE_RESETS,
  GROQ_RESETS,
  NO_RESETS,
  OPENAI_RESETS,
  OPENROUTER_RESETS,
  TOGETHER_RESETS,
} from './resets.ts';
import {
  CHAT,
  CHAT_AND_RESPONSES,
  COHERE_CHAT,
  COHERE_EMBED,
  EMBEDDINGS,
  GEMINI_TASKS,
  GENERATE,
  INPUT_COUNTS,
  MESSAGES,
  MESSAGE_COUNTS,
  OPENAI,
  rest,
} from './surfaces.ts';

/** What is known of one provider. */
export interface ProviderDefaults {
  /** The dialects that it speaks, and where it does. */
  readonly surfaces: Surfaces;
  /** Where its API begins, version included. Absent where each account has an address of its own. */
  readonly baseURL?: string;
  /** The environment variable that its own clients read the address from. */
  readonly baseURLEnv?: string;
  /** The environment variable that its own clients read the key from. Absent for what wants no key. */
  readonly keyEnv?: string;
  /** The variable is in use for other things too, so that finding it set does not mean that this provider is wanted. */
  readonly sharedKeyEnv?: boolean;
  /** A server of one's own: private addresses are allowed, and a key is not needed. */
  readonly local?: boolean;
  /** How it refuses, where that differs from the rows that all share. */
  readonly errors: readonly ErrorRow[];
  /** Its rate-limit headers that say when there is room again. */
  readonly resets: readonly ResetHeader[];
  /** Where it differs from others of its dialect in what it takes. */
  readonly quirks: Partial<HostQuirks>;
}

/** All but Mistral's own. */
const OPENAI_ENDPOINTS = [
  'audio',
  'batches',
  'completions',
  'files',
  'fine_tuning',
  'images',
  'moderations',
  'uploads',
  'vector_stores',
  'videos',
] as const;

/** Providers by the name that stands before the slash of a target. */
export const PROVIDER_DEFAULTS = {
  openai: {
    surfaces: [...OPENAI, EMBEDDINGS, INPUT_COUNTS, rest(...OPENAI_ENDPOINTS)],
    baseURL: 'https://api.openai.com/v1',
    keyEnv: 'OPENAI_API_KEY',
    errors: OPENAI_ROWS,
    resets: OPENAI_RESETS,
    quirks: { maxTokensField: 'max_completion_tokens', userField: 'safety_identifier', maxStops: 4 },
  },
  anthropic: {
    surfaces: [...MESSAGES, MESSAGE_COUNTS],
    baseURL: 'https://api.anthropic.com/v1',
    keyEnv: 'ANTHROPIC_API_KEY',
    errors: ANTHROPIC_ROWS,
    resets: ANTHROPIC_RESETS,
    quirks: {},
  },
  groq: {
    surfaces: [...CHAT, rest('audio', 'batches', 'files')],
    baseURL: 'https://api.groq.com/openai/v1',
    keyEnv: 'GROQ_API_KEY',
    errors: GROQ_ROWS,
    resets: GROQ_RESETS,
    quirks: { maxTokensField: 'max_completion_tokens', maxStops: 4, lacks: ['files'] },
  },
  mistral: {
    surfaces: [...CHAT, EMBEDDINGS, rest('audio', 'batch', 'files', 'fim', 'fine_tuning', 'moderations', 'ocr')],
    baseURL: 'https://api.mistral.ai/v1',
    keyEnv: 'MISTRAL_API_KEY',
    errors: MISTRAL_ROWS,
    resets: NO_RESETS,
    // Both are answered with 422 "Extra inputs are not permitted"; token counts come unasked.
    quirks: { onlyMaxTokensField: true, streamOptions: false, toolIdLength: 9, lacks: ['files'] },
  },
  deepseek: {
    surfaces: CHAT,
    baseURL: 'https://api.deepseek.com',
    keyEnv: 'DEEPSEEK_API_KEY',
    errors: DEEPSEEK_ROWS,
    resets: NO_RESETS,
    quirks: { lacks: ['schemas', 'files'] },
  },
  openrouter: {
    surfaces: [...CHAT_AND_RESPONSES, EMBEDDINGS, rest('completions')],
    baseURL: 'https://openrouter.ai/api/v1',
    keyEnv: 'OPENROUTER_API_KEY',
    errors: OPENROUTER_ROWS,
    resets: OPENROUTER_RESETS,
    quirks: {},
  },
  together: {
    surfaces: [...CHAT, EMBEDDINGS, rest('audio', 'batches', 'completions', 'files', 'images', 'rerank', 'videos')],
    baseURL: 'https://api.together.xyz/v1',
    keyEnv: 'TOGETHER_API_KEY',
    errors: TOGETHER_ROWS,
    resets: TOGETHER_RESETS,
    quirks: {},
  },
  fireworks: {
    surfaces: [...CHAT_AND_RESPONSES, EMBEDDINGS, rest('completions', 'rerank')],
    baseURL: 'https://api.fireworks.ai/inference/v1',
    keyEnv: 'FIREWORKS_API_KEY',
    errors: FIREWORKS_ROWS,
    resets: NO_RESETS,
    quirks: {},
  },
  cerebras: {
    surfaces: [...CHAT, rest('batches', 'completions', 'files')],
    baseURL: 'https://api.cerebras.ai/v1',
    keyEnv: 'CEREBRAS_API_KEY',
    errors: CEREBRAS_ROWS,
    resets: CEREBRAS_RESETS,
    quirks: { maxTokensField: 'max_completion_tokens' },
  },
  xai: {
    surfaces: [...CHAT_AND_RESPONSES, rest('batches', 'completions', 'files', 'images', 'videos')],
    baseURL: 'https://api.x.ai/v1',
    keyEnv: 'XAI_API_KEY',
    errors: XAI_ROWS,
    resets: NO_RESETS,
    quirks: {},
  },
  perplexity: {
    surfaces: [...CHAT, { ...EMBEDDINGS, path: '/v1/embeddings' }],
    baseURL: 'https://api.perplexity.ai',
    keyEnv: 'PERPLEXITY_API_KEY',
    errors: PERPLEXITY_ROWS,
    resets: NO_RESETS,
    quirks: { streamOptions: false, lacks: ['tools'] },
  },
  nvidia: {
    surfaces: [...CHAT, EMBEDDINGS, rest('completions')],
    baseURL: 'https://integrate.api.nvidia.com/v1',
    keyEnv: 'NVIDIA_API_KEY',
    errors: NVIDIA_ROWS,
    resets: NO_RESETS,
    quirks: {},
  },
  gemini: {
    surfaces: [...GENERATE, ...GEMINI_TASKS],
    baseURL: 'https://generativelanguage.googleapis.com/v1beta',
    keyEnv: 'GEMINI_API_KEY',
    errors: GEMINI_ROWS,
    resets: NO_RESETS,
    quirks: { maxStops: 5 },
  },
  vertex: {
    surfaces: [...GENERATE, { dialect: 'vertex.predict', path: ':predict' }],
    baseURL: 'https://aiplatform.googleapis.com/v1',
    keyEnv: 'GOOGLE_VERTEX_API_KEY',
    errors: VERTEX_ROWS,
    resets: NO_RESETS,
    quirks: { maxStops: 5 },
  },
  cohere: {
    surfaces: [...COHERE_CHAT, COHERE_EMBED, rest('rerank')],
    baseURL: 'https://api.cohere.com/v2',
    keyEnv: 'COHERE_API_KEY',
    errors: COHERE_ROWS,
    resets: COHERE_RESETS,
    quirks: { maxStops: 5, lacks: ['files'] },
  },
  // Gemini's OpenAI surface: for callers of OpenAI's dialect who would rather have Google's translation.
  'gemini-openai': {
    surfaces: [...CHAT, EMBEDDINGS, rest('batches', 'files', 'images')],
    baseURL: 'https://generativelanguage.googleapis.com/v1beta/openai',
    keyEnv: 'GEMINI_API_KEY',
    sharedKeyEnv: true,
    errors: GEMINI_ROWS,
    resets: NO_RESETS,
    quirks: { maxStops: 5 },
  },
  ...MORE_HOSTS,
  ...LOCAL_ENGINES,
} as const satisfies Record<string, ProviderDefaults>;

/** The row of a provider, or undefined for a name that is not known. */
export function findDefaults(name: string): ProviderDefaults | undefined {
  return Object.hasOwn(PROVIDER_DEFAULTS, name) ? PROVIDER_DEFAULTS[name as keyof typeof PROVIDER_DEFAULTS] : undefined;
}
