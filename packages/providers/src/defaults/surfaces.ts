import type { Surface, Surfaces } from '../adapter/surface.ts';
import type { Endpoint } from './endpoints.ts';
import { geminiMethod, modelPath } from '../gemini/path.ts';

/** What OpenAI and those who took over its API speak. Where they do is the same at all of them. */
export const OPENAI_SURFACES = {
  'openai.chat': { dialect: 'openai.chat', path: '/chat/completions' },
  'openai.responses': { dialect: 'openai.responses', path: '/responses' },
} as const satisfies Record<string, Surface>;

export type OpenAIDialect = keyof typeof OPENAI_SURFACES;

export const OPENAI_DIALECTS = Object.keys(OPENAI_SURFACES) as [OpenAIDialect, ...OpenAIDialect[]];

export const CHAT: Surfaces = [OPENAI_SURFACES['openai.chat']];
export const CHAT_AND_RESPONSES: Surfaces = [OPENAI_SURFACES['openai.chat'], OPENAI_SURFACES['openai.responses']];

/** What thinks longest, and what writes code: "only supported in v1/responses and not in v1/chat/completions". */
const RESPONSES_ALONE = `
  o1-pro o3-pro gpt-5-pro gpt-5.2-pro gpt-5.4-pro gpt-5.5-pro
  codex-mini gpt-5-codex gpt-5.1-codex gpt-5.2-codex gpt-5.3-codex
  o3-deep-research o4-mini-deep-research computer-use
`;

/** What speaks, and what searches whether asked to or not. */
const CHAT_ALONE = 'gpt-4o-audio gpt-4o-mini-audio gpt-audio gpt-4o-search gpt-4o-mini-search';

/** All models whose names begin so. */
function beginning(names: string): string[] {
  return names
    .trim()
    .split(/\s+/)
    .map((name) => `${name}*`);
}

/** OpenAI's own. Each surface lacks some models. Source: the pages of the models on platform.openai.com, 2026. */
export const OPENAI: Surfaces = [
  {
    ...OPENAI_SURFACES['openai.chat'],
    except: beginning(RESPONSES_ALONE),
  },
  {
    ...OPENAI_SURFACES['openai.responses'],
    except: beginning(CHAT_ALONE),
  },
];

export const MESSAGES: Surfaces = [{ dialect: 'anthropic.messages', path: '/messages' }];

/** Where the path names the model, and tells a stream from a whole answer, the body must do neither. */
const IN_PATH = { model: undefined, stream: undefined };

export const GENERATE: Surfaces = [
  {
    dialect: 'gemini.generate',
    path: (model, stream) => `/${modelPath(model)}${geminiMethod(stream)}`,
    members: IN_PATH,
  },
];

/** Ids hold `:` and, as ARNs, `/`: all of them one segment of the path. */
export const CONVERSE: Surfaces = [
  {
    dialect: 'bedrock.converse',
    path: (model, stream) => `/model/${encodeURIComponent(model)}/${stream ? 'converse-stream' : 'converse'}`,
    members: IN_PATH,
  },
];

export const COHERE_CHAT: Surfaces = [{ dialect: 'cohere.chat', path: '/chat' }];

export const EMBEDDINGS: Surface = { dialect: 'openai.embeddings', path: '/embeddings' };

/** What a host of OpenAI's API has beside what is translated, by the first step of the path. */
export const rest = (...endpoints: readonly Endpoint[]): Surface => ({ dialect: 'openai.rest', path: '', endpoints });

/** The same, for hosts of which nothing is known. */
export const ANY_REST: Surface = { dialect: 'openai.rest', path: '' };

export const INPUT_COUNTS: Surface = { dialect: 'openai.input_tokens', path: '/responses/input_tokens' };

export const MESSAGE_COUNTS: Surface = { dialect: 'anthropic.count_tokens', path: '/messages/count_tokens' };

/** Contents are embedded one by one or in batches, which others are translated into. */
export const GEMINI_TASKS: readonly Surface[] = [
  { dialect: 'gemini.batch_embed', path: (model) => `/${modelPath(model)}:batchEmbedContents`, members: IN_PATH },
  { dialect: 'gemini.embed', path: (model) => `/${modelPath(model)}:embedContent`, members: { stream: undefined } },
  { dialect: 'gemini.count_tokens', path: (model) => `/${modelPath(model)}:countTokens`, members: IN_PATH },
];

export const BEDROCK_TASKS: readonly Surface[] = [
  { dialect: 'bedrock.invoke', path: (model) => `/model/${encodeURIComponent(model)}/invoke`, members: IN_PATH },
  {
    dialect: 'bedrock.count_tokens',
    path: (model) => `/model/${encodeURIComponent(model)}/count-tokens`,
    members: IN_PATH,
  },
];

export const COHERE_EMBED: Surface = { dialect: 'cohere.embed', path: '/embed' };
