export { createAiProvider, type AiProvider } from './provider.ts';
export { toLanguageModelMiddleware, type ModelAnswer, type ModelCall } from './middleware.ts';
export type { HookOptions, Layers } from '../hooks/layers.ts';
