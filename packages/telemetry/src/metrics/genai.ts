import type { Dialect } from '@x/core';

/**
 * Names of the OpenTelemetry GenAI conventions, in this one file because they still move.
 *
 * - Histograms: semantic-conventions v1.41.0, `gen-ai/gen-ai-metrics.md`: the last release of the core repository with
 *   names that are not deprecated, and what most back ends know.
 * - Token counters: open-telemetry/semantic-conventions-genai, `docs/gen-ai/client-inference.md`, development status.
 *   The older repository has a histogram only, which would cost two records a request.
 */
export const GENAI_METRICS = {
  operationDuration: 'gen_ai.client.operation.duration',
  timeToFirstChunk: 'gen_ai.client.operation.time_to_first_chunk',
  inputTokens: 'gen_ai.client.inference.usage.input_tokens',
  outputTokens: 'gen_ai.client.inference.usage.output_tokens',
  cacheReadTokens: 'gen_ai.client.inference.usage.cache_read.input_tokens',
  cacheWriteTokens: 'gen_ai.client.inference.usage.cache_write.input_tokens',
  reasoningTokens: 'gen_ai.client.inference.usage.reasoning.output_tokens',
} as const;

/** Attributes of all of these metrics, in this order; `error.type` only where something failed. */
export const GENAI_LABELS = ['gen_ai.operation.name', 'gen_ai.provider.name', 'gen_ai.request.model'] as const;
export const ERROR_TYPE = 'error.type';

/** What the conventions say where a value is unknown or would have too many forms. */
export const OTHER = '_OTHER';

/** Seconds. Same source as {@link GENAI_METRICS}. */
export const DURATION_BOUNDARIES = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
] as const;

const OPERATIONS: Readonly<Record<Dialect, string>> = {
  'openai.chat': 'chat',
  'openai.responses': 'chat',
  'openai.embeddings': 'embeddings',
  'openai.input_tokens': 'count_tokens',
  'openai.rest': 'rest',
  'anthropic.messages': 'chat',
  'anthropic.count_tokens': 'count_tokens',
  'gemini.generate': 'generate_content',
  'gemini.embed': 'embeddings',
  'gemini.batch_embed': 'embeddings',
  'gemini.count_tokens': 'count_tokens',
  'vertex.predict': 'embeddings',
  'bedrock.converse': 'chat',
  'bedrock.invoke': 'embeddings',
  'bedrock.count_tokens': 'count_tokens',
  'cohere.chat': 'chat',
  'cohere.embed': 'embeddings',
};

export function operationOf(dialect: Dialect): string {
  return OPERATIONS[dialect];
}

/** Well-known values of `gen_ai.provider.name` where they differ from the name that a provider usually has here. */
const PROVIDERS = new Map([
  ['azure', 'azure.ai.openai'],
  ['bedrock', 'aws.bedrock'],
  ['gemini', 'gcp.gemini'],
  ['google', 'gcp.gemini'],
  ['mistral', 'mistral_ai'],
  ['moonshot', 'moonshot_ai'],
  ['vertex', 'gcp.vertex_ai'],
  ['xai', 'x_ai'],
]);

/** Any other name is used as it is, which the conventions allow. */
export function providerNameOf(provider: string): string {
  return PROVIDERS.get(provider) ?? provider;
}
