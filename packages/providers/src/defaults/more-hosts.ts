import { AZURE_ROWS } from '../azure/error-rows.ts';
import { BEDROCK_ROWS } from '../bedrock/error-rows.ts';
import {
  CLOUDFLARE_ROWS,
  GITHUB_ROWS,
  HUGGINGFACE_ROWS,
  NEBIUS_ROWS,
  SAMBANOVA_ROWS,
} from '../openai-compatible/more-error-rows.ts';
import type { ProviderDefaults } from './provider-defaults.ts';
import { AZURE_RESETS, NO_RESETS } from './resets.ts';
import { BEDROCK_TASKS, CHAT, CHAT_AND_RESPONSES, CONVERSE, EMBEDDINGS, rest } from './surfaces.ts';

/** Sources: the hosts' own pages on OpenAI compatibility and on errors, 2026. */
export const MORE_HOSTS = {
  azure: {
    surfaces: [
      ...CHAT_AND_RESPONSES,
      EMBEDDINGS,
      rest('audio', 'batches', 'completions', 'files', 'fine_tuning', 'images', 'vector_stores', 'videos'),
    ],
    baseURLEnv: 'AZURE_OPENAI_ENDPOINT',
    keyEnv: 'AZURE_OPENAI_API_KEY',
    errors: AZURE_ROWS,
    resets: AZURE_RESETS,
    quirks: { maxTokensField: 'max_completion_tokens', maxStops: 4 },
  },
  // The address holds the region: https://bedrock-runtime.REGION.amazonaws.com
  bedrock: {
    surfaces: [...CONVERSE, ...BEDROCK_TASKS],
    keyEnv: 'AWS_BEARER_TOKEN_BEDROCK',
    errors: BEDROCK_ROWS,
    resets: NO_RESETS,
    quirks: {},
  },
  huggingface: {
    surfaces: CHAT_AND_RESPONSES,
    baseURL: 'https://router.huggingface.co/v1',
    keyEnv: 'HF_TOKEN',
    sharedKeyEnv: true,
    errors: HUGGINGFACE_ROWS,
    resets: NO_RESETS,
    quirks: { lacks: ['files'] },
  },
  nebius: {
    surfaces: [...CHAT, EMBEDDINGS, rest('batches', 'completions', 'files', 'fine_tuning', 'images')],
    baseURL: 'https://api.tokenfactory.nebius.com/v1',
    keyEnv: 'NEBIUS_API_KEY',
    errors: NEBIUS_ROWS,
    resets: NO_RESETS,
    quirks: { lacks: ['files'] },
  },
  sambanova: {
    surfaces: [...CHAT, EMBEDDINGS, rest('audio', 'completions')],
    baseURL: 'https://api.sambanova.ai/v1',
    keyEnv: 'SAMBANOVA_API_KEY',
    errors: SAMBANOVA_ROWS,
    resets: NO_RESETS,
    quirks: { lacks: ['files'] },
  },
  github: {
    surfaces: [...CHAT, EMBEDDINGS],
    baseURL: 'https://models.github.ai/inference',
    keyEnv: 'GITHUB_TOKEN',
    sharedKeyEnv: true,
    errors: GITHUB_ROWS,
    resets: NO_RESETS,
    quirks: { maxStops: 4, lacks: ['files'] },
  },
  // The address holds the account: https://api.cloudflare.com/client/v4/accounts/ACCOUNT/ai/v1
  cloudflare: {
    surfaces: [...CHAT, EMBEDDINGS],
    keyEnv: 'CLOUDFLARE_API_TOKEN',
    sharedKeyEnv: true,
    errors: CLOUDFLARE_ROWS,
    resets: NO_RESETS,
    quirks: { lacks: ['files'] },
  },
} as const satisfies Record<string, ProviderDefaults>;
