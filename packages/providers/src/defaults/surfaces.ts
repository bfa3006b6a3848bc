import type { Surfaces } from '../adapter/surface.ts';
import { geminiMethod, modelPath } from '../gemini/path.ts';

/** What OpenAI and those who took over its API speak. */
export const CHAT: Surfaces = [{ dialect: 'openai.chat', path: '/chat/completions' }];

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
