import { NO_USAGE, type JsonObject, type Usage } from '@x/core';
import type { ResultMeta } from './result.ts';

/** A request in OpenAI's embeddings dialect. */
export interface EmbeddingsRequest {
  /** `provider/model`. A fallback answers with other vectors, so name none but the same model elsewhere. */
  readonly model: string;
  /** Each becomes one vector. */
  readonly input: string | readonly string[] | readonly number[] | readonly (readonly number[])[];
  /** How long the vectors are to be, where the model leaves a choice. */
  readonly dimensions?: number;
  readonly fallbacks?: readonly string[];
  readonly [member: string]: unknown;
}

export interface EmbeddingsResult extends ResultMeta {
  /** One vector for each input, in their order. */
  readonly embeddings: readonly (readonly number[])[];
  /** The whole answer in OpenAI's dialect. */
  readonly body: JsonObject;
}

interface Item {
  readonly index?: number;
  /** Numbers, or the bytes of 32-bit floats in base64, as `encoding_format` asked. */
  readonly embedding: readonly number[] | string;
}

/** `body` has been found to be an answer by whoever got it. */
export function embeddingsResult(body: JsonObject, meta: ResultMeta): EmbeddingsResult {
  const items = (body['data'] ?? []) as unknown as readonly Item[];
  const ordered = items.toSorted((a, b) => (a.index ?? 0) - (b.index ?? 0));
  return { ...meta, embeddings: ordered.map(({ embedding }) => vectorOf(embedding)), body };
}

function vectorOf(embedding: Item['embedding']): readonly number[] {
  if (typeof embedding !== 'string') return embedding;
  const bytes = Buffer.from(embedding, 'base64');
  return Array.from({ length: bytes.length / 4 }, (_, at) => bytes.readFloatLE(at * 4));
}

/** What an answer in this dialect says of the tokens that it took. */
export function embeddingsUsage({ usage }: JsonObject): Usage | undefined {
  const { prompt_tokens: tokens } = (usage ?? {}) as JsonObject;
  return typeof tokens === 'number' ? { ...NO_USAGE, inputTokens: tokens } : undefined;
}
