import { totalInput, type JsonValue } from '@x/core';
import type { EmbeddingAnswer, EmbeddingInput, EmbeddingPurpose, EmbeddingRequest } from '../../hub/embedding.ts';
import { invalidField, optionalString, optionalTokens } from '../../json/expect.ts';
import { isArray, isObject, listOf, objectOf } from '../../json/read.ts';
import type { TaskCaller, TaskTarget } from '../task.ts';
import { inputUsage, vectorOf } from './texts.ts';
import { fromBase64, toBase64 } from './vector-bytes.ts';

/** What hosts of models that tell questions from documents call their purposes, in the member `input_type`. */
const PURPOSES: ReadonlyMap<string, EmbeddingPurpose> = new Map([
  ['query', 'query'],
  ['search_query', 'query'],
  ['document', 'document'],
  ['passage', 'document'],
  ['search_document', 'document'],
  ['classification', 'classification'],
  ['clustering', 'clustering'],
]);

const KNOWN = new Set(['model', 'input', 'dimensions', 'encoding_format', 'user', 'input_type', 'fallbacks']);

/** OpenAI's embeddings, as its lookalikes speak them too. */
export const openaiEmbeddings: TaskTarget<EmbeddingRequest, EmbeddingAnswer> &
  TaskCaller<EmbeddingRequest, EmbeddingAnswer> = {
  dialect: 'openai.embeddings',

  decodeRequest(body, notes) {
    for (const name of Object.keys(body)) if (!KNOWN.has(name)) notes.drop(name);
    const { encoding_format: encoding = 'float' } = body;
    if (encoding !== 'float' && encoding !== 'base64') {
      throw invalidField('encoding_format', 'must be "float" or "base64"');
    }
    const type = optionalString(body['input_type'], 'input_type');
    const purpose = type === undefined ? undefined : PURPOSES.get(type.toLowerCase());
    if (type !== undefined && purpose === undefined) notes.drop('input_type');
    return {
      inputs: decodeInputs(body['input']),
      dimensions: optionalTokens(body['dimensions'], 'dimensions'),
      encoding,
      purpose,
      title: undefined,
      user: optionalString(body['user'], 'user'),
    };
  },

  encodeRequest({ inputs, dimensions, purpose, title, user }, { model, notes }) {
    if (purpose !== undefined) notes.drop('taskType');
    if (title !== undefined) notes.drop('title');
    return {
      model,
      input: inputs,
      encoding_format: 'float',
      ...(dimensions === undefined ? undefined : { dimensions }),
      ...(user === undefined ? undefined : { user }),
    };
  },

  failureIn(body) {
    if (isObject(body['error']) || typeof body['error'] === 'string') return body;
    return isArray(body['data']) ? undefined : { message: 'answered without embeddings' };
  },

  decodeAnswer: (body) =>
    listOf(body['data']).map((each) => {
      const { embedding } = objectOf(each);
      return typeof embedding === 'string' ? fromBase64(embedding) : vectorOf(embedding);
    }),

  readUsage: ({ usage }) =>
    isObject(usage) ? inputUsage(usage['prompt_tokens'] ?? usage['total_tokens'] ?? 0) : undefined,

  encodeAnswer(vectors, { model, asked, usage }) {
    const tokens = usage === undefined ? 0 : totalInput(usage);
    return {
      object: 'list',
      data: vectors.map((vector, index) => ({
        object: 'embedding',
        index,
        embedding: asked.encoding === 'base64' ? toBase64(vector) : vector,
      })),
      model,
      usage: { prompt_tokens: tokens, total_tokens: tokens },
    };
  },
};

/** A text, token ids, or a list of either. */
function decodeInputs(value: JsonValue | undefined): readonly EmbeddingInput[] {
  if (typeof value === 'string') return [nonEmpty(value, 'input')];
  if (!isArray(value) || value.length === 0) throw invalidField('input', 'must be a text or a list that is not empty');
  if (typeof value[0] === 'number') return [tokenIds(value, 'input')];
  return value.map((each, index) => {
    const path = `input[${index}]`;
    if (typeof each === 'string') return nonEmpty(each, path);
    if (isArray(each) && each.length > 0) return tokenIds(each, path);
    throw invalidField(path, 'must be a text or a list of token ids');
  });
}

function nonEmpty(text: string, path: string): string {
  if (text === '') throw invalidField(path, 'must not be empty');
  return text;
}

function tokenIds(value: readonly JsonValue[], path: string): readonly number[] {
  return value.map((each, index) => {
    if (typeof each === 'number' && Number.isSafeInteger(each) && each >= 0) return each;
    throw invalidField(`${path}[${index}]`, 'must be a token id');
  });
}
