import { type JsonObject, type JsonValue } from '@x/core';
import type { EmbeddingAnswer, EmbeddingPurpose, EmbeddingRequest } from '../../hub/embedding.ts';
import type { TranslationNotes } from '../../hub/notes.ts';
import {
  expectList,
  expectObject,
  invalidField,
  optionalString,
  optionalTokens,
  unsupportedField,
} from '../../json/expect.ts';
import { isArray, isObject, listOf, objectOf } from '../../json/read.ts';
import type { TaskCaller, TaskTarget } from '../task.ts';
import { inputUsage, textsOf, vectorOf } from './texts.ts';

const TASK_TYPES: Readonly<Record<Exclude<EmbeddingPurpose, 'other'>, string>> = {
  query: 'RETRIEVAL_QUERY',
  document: 'RETRIEVAL_DOCUMENT',
  classification: 'CLASSIFICATION',
  clustering: 'CLUSTERING',
  similarity: 'SEMANTIC_SIMILARITY',
};

const PURPOSES = new Map(Object.entries(TASK_TYPES).map(([purpose, type]) => [type, purpose as EmbeddingPurpose]));

export function taskTypeOf(purpose: EmbeddingPurpose | undefined): string | undefined {
  return purpose === undefined || purpose === 'other' ? undefined : TASK_TYPES[purpose];
}

/** The members of one request in a batch, but for its model. */
function encodeContent(text: string, { purpose, title, dimensions }: EmbeddingRequest): JsonObject {
  const taskType = taskTypeOf(purpose);
  return {
    content: { parts: [{ text }] },
    ...(taskType !== undefined && { taskType }),
    ...(title !== undefined && { title }),
    ...(dimensions === undefined ? undefined : { outputDimensionality: dimensions }),
  };
}

type EmbedCodec = TaskTarget<EmbeddingRequest, EmbeddingAnswer> & TaskCaller<EmbeddingRequest, EmbeddingAnswer>;

/** `:embedContent`: one content, one vector. */
export const geminiEmbed: EmbedCodec = {
  dialect: 'gemini.embed',
  decodeRequest: (body, notes) => combine([decodeOne(body, '', notes)], notes),
  encodeRequest(asked, { notes }) {
    const [text, ...others] = textsOf(asked);
    if (text === undefined || others.length > 0) throw unsupportedField('input', 'it takes one text at a time');
    if (asked.user !== undefined) notes.drop('user');
    return encodeContent(text, asked);
  },
  failureIn(body) {
    if (isObject(body['error'])) return body;
    return isArray(objectOf(body['embedding'])['values']) ? undefined : { message: 'answered without an embedding' };
  },
  decodeAnswer: (body) => [vectorOf(objectOf(body['embedding'])['values'])],
  readUsage: (body) => usageIn(body),
  encodeAnswer: ([vector = []]) => ({ embedding: { values: vector } }),
  aim: (_body, model) => ({ model: `models/${model}` }),
};

/** `:batchEmbedContents`: a list of the same. */
export const geminiBatchEmbed: EmbedCodec = {
  dialect: 'gemini.batch_embed',
  decodeRequest(body, notes) {
    const requests = expectList(body['requests'], 'requests');
    if (requests.length === 0) throw invalidField('requests', 'must not be empty');
    return combine(
      requests.map((each, index) => decodeOne(expectObject(each, `requests[${index}]`), `requests[${index}].`, notes)),
      notes,
    );
  },
  encodeRequest(asked, { model, notes }) {
    if (asked.user !== undefined) notes.drop('user');
    const name = `models/${model}`;
    return { requests: textsOf(asked).map((text) => ({ model: name, ...encodeContent(text, asked) })) };
  },
  failureIn(body) {
    if (isObject(body['error'])) return body;
    return isArray(body['embeddings']) ? undefined : { message: 'answered without embeddings' };
  },
  decodeAnswer: (body) => listOf(body['embeddings']).map((each) => vectorOf(objectOf(each)['values'])),
  readUsage: (body) => usageIn(body),
  encodeAnswer: (vectors) => ({ embeddings: vectors.map((values) => ({ values })) }),
  // Each request names the model again, and it has to be the one in the path.
  aim: (body, model) => ({
    requests: listOf(body['requests']).map((each) => (isObject(each) ? { ...each, model: `models/${model}` } : each)),
    model: undefined,
  }),
};

function usageIn(body: JsonObject) {
  return inputUsage(objectOf(body['usageMetadata'])['promptTokenCount']);
}

interface OneContent extends Pick<EmbeddingRequest, 'dimensions' | 'purpose' | 'title'> {
  readonly text: string;
}

const KNOWN = new Set(['model', 'content', 'taskType', 'title', 'outputDimensionality', 'fallbacks']);

function decodeOne(body: JsonObject, path: string, notes: TranslationNotes): OneContent {
  for (const name of Object.keys(body)) if (!KNOWN.has(name)) notes.drop(`${path}${name}`);
  const type = optionalString(body['taskType'], `${path}taskType`);
  return {
    text: textOf(expectObject(body['content'], `${path}content`), `${path}content`),
    purpose: type === undefined || type === 'TASK_TYPE_UNSPECIFIED' ? undefined : (PURPOSES.get(type) ?? 'other'),
    title: optionalString(body['title'], `${path}title`),
    dimensions: optionalTokens(body['outputDimensionality'], `${path}outputDimensionality`),
  };
}

/** Of several parts the texts, one behind the other, as the model reads them. */
function textOf({ parts }: JsonObject, path: string): string {
  const texts = expectList(parts as JsonValue | undefined, `${path}.parts`).map((part, index) => {
    const { text } = expectObject(part, `${path}.parts[${index}]`);
    if (typeof text === 'string') return text;
    throw unsupportedField(`${path}.parts[${index}]`, 'only text becomes a vector');
  });
  const text = texts.join('');
  if (text === '') throw invalidField(`${path}.parts`, 'must hold text');
  return text;
}

/** What all of them share; others know one purpose and one length for a whole request. */
function combine(all: readonly OneContent[], notes: TranslationNotes): EmbeddingRequest {
  const [first, ...others] = all;
  const shared = <Name extends 'dimensions' | 'purpose' | 'title'>(name: Name, field: string): OneContent[Name] => {
    const value = first?.[name];
    const differs = others.findIndex((each) => each[name] !== value);
    if (differs === -1) return value as OneContent[Name];
    if (name === 'dimensions') throw unsupportedField(`requests[${differs + 1}].${field}`, 'all must ask for the same');
    notes.drop(field);
    return undefined as OneContent[Name];
  };
  return {
    inputs: all.map(({ text }) => text),
    dimensions: shared('dimensions', 'outputDimensionality'),
    purpose: shared('purpose', 'taskType'),
    title: shared('title', 'title'),
    encoding: 'float',
    user: undefined,
  };
}
