import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { NoSuchModelError, type EmbeddingModelV4, type LanguageModelV4, type ProviderV4 } from '@ai-sdk/provider';
import type { Fetch } from '../fetch/fetch.ts';
import { withFinalError } from './final-error.ts';

/** A provider for the AI SDK. Call it with `provider/model`. */
export interface AiProvider extends ProviderV4 {
  (modelId: string): LanguageModelV4;
}

/**
 * A client as a provider of the AI SDK: `generateText({ model: createAiProvider(client)('openai/gpt-4o-mini'), prompt })`. Members of a
 * request that the AI SDK does not know go under `providerOptions.gateway`, such as `{ fallbacks: ['anthropic/claude-sonnet-4-5'] }`.
 * The AI SDK's own retries stay out of it, since each failure says that it is final.
 */
export function createAiProvider({ fetch }: { readonly fetch: Fetch }): AiProvider {
  const inner = createOpenAICompatible({
    name: 'gateway',
    // Never asked: the client's `fetch` looks at the end of the path alone.
    baseURL: 'http://gateway.invalid/v1',
    fetch,
    includeUsage: true,
    supportsStructuredOutputs: true,
  });
  const languageModel = (modelId: string) => finalModel(inner.languageModel(modelId));
  return Object.assign((modelId: string) => languageModel(modelId), {
    specificationVersion: 'v4' as const,
    languageModel,
    embeddingModel: (modelId: string) => finalEmbeddings(inner.embeddingModel(modelId)),
    imageModel(modelId: string): never {
      throw new NoSuchModelError({ modelId, modelType: 'imageModel' });
    },
  });
}

function finalModel(model: LanguageModelV4): LanguageModelV4 {
  const { specificationVersion, provider, modelId, supportedUrls } = model;
  return {
    specificationVersion,
    provider,
    modelId,
    supportedUrls,
    doGenerate: (options) => withFinalError(model.doGenerate(options)),
    doStream: (options) => withFinalError(model.doStream(options)),
  };
}

function finalEmbeddings(model: EmbeddingModelV4): EmbeddingModelV4 {
  const { specificationVersion, provider, modelId, maxEmbeddingsPerCall, supportsParallelCalls } = model;
  return {
    specificationVersion,
    provider,
    modelId,
    maxEmbeddingsPerCall,
    supportsParallelCalls,
    doEmbed: (options) => withFinalError(model.doEmbed(options)),
  };
}
