import type { EmbeddingAnswer, EmbeddingRequest } from '../../hub/embedding.ts';
import type { TaskFamily } from '../task.ts';
import { bedrockInvoke } from './bedrock-invoke.ts';
import { cohereEmbed } from './cohere-embed.ts';
import { geminiBatchEmbed, geminiEmbed } from './gemini-embed.ts';
import { openaiEmbeddings } from './openai-embeddings.ts';
import { vertexPredict } from './vertex-predict.ts';

/** Every protocol for embeddings that is known. */
export const EMBEDDINGS: TaskFamily<EmbeddingRequest, EmbeddingAnswer> = {
  targets: [openaiEmbeddings, geminiEmbed, geminiBatchEmbed, vertexPredict, bedrockInvoke, cohereEmbed],
  callers: [openaiEmbeddings, geminiEmbed, geminiBatchEmbed],
};
