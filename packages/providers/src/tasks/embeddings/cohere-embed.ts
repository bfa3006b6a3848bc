import type { JsonObject } from '@x/core';
import type { EmbeddingAnswer, EmbeddingPurpose, EmbeddingRequest } from '../../hub/embedding.ts';
import type { TranslationNotes } from '../../hub/notes.ts';
import { isArray, isObject, listOf, objectOf } from '../../json/read.ts';
import type { TaskTarget } from '../task.ts';
import { inputUsage, textsOf, vectorOf } from './texts.ts';

const INPUT_TYPES: Readonly<Partial<Record<EmbeddingPurpose, string>>> = {
  query: 'search_query',
  document: 'search_document',
  classification: 'classification',
  clustering: 'clustering',
};

/** Without a purpose nothing is embedded here: texts are taken for documents then, as most are. */
const USUAL_TYPE = 'search_document';

/** Cohere's members but for the model, which Bedrock has in its path. */
export function encodeCohere(asked: EmbeddingRequest, notes: TranslationNotes): JsonObject {
  const { purpose, title, user, dimensions } = asked;
  const type = purpose === undefined ? undefined : INPUT_TYPES[purpose];
  if (type === undefined) notes.adjust('input_type', USUAL_TYPE);
  if (title !== undefined) notes.drop('title');
  if (user !== undefined) notes.drop('user');
  return {
    texts: textsOf(asked),
    input_type: type ?? USUAL_TYPE,
    embedding_types: ['float'],
    ...(dimensions === undefined ? undefined : { output_dimension: dimensions }),
  };
}

export function decodeCohere(body: JsonObject): EmbeddingAnswer {
  const { embeddings } = body;
  // Without the choice of a type, older models answer with the vectors themselves.
  return listOf(isObject(embeddings) ? embeddings['float'] : embeddings).map(vectorOf);
}

export function isCohereAnswer({ embeddings }: JsonObject): boolean {
  return isArray(embeddings) || (isObject(embeddings) && isArray(embeddings['float']));
}

/** Cohere's embeddings, version 2. */
export const cohereEmbed: TaskTarget<EmbeddingRequest, EmbeddingAnswer> = {
  dialect: 'cohere.embed',
  encodeRequest: (asked, { model, notes }) => ({ model, ...encodeCohere(asked, notes) }),
  failureIn: (body) => {
    if (isCohereAnswer(body)) return undefined;
    return typeof body['message'] === 'string' ? body : { message: 'answered without embeddings' };
  },
  decodeAnswer: decodeCohere,
  readUsage: ({ meta }) => inputUsage(objectOf(objectOf(meta)['billed_units'])['input_tokens']),
};
