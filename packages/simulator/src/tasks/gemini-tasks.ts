import { contentChars, isRecord } from '../dialects/input-size.ts';
import type { Problem } from '../dialects/dialect.ts';
import { askCount, askVectors, modelInPath } from './ask-task.ts';
import { taskDialect } from './task-dialect.ts';
import { vectorOf } from './vector.ts';

const MODEL = /\/models\/(.+):\w+$/;

type Content = { readonly text: string; readonly model: unknown; readonly dimensions: unknown } | Problem;

/** One request for a vector; what names a model in it has to name the one in the path. */
function readContent(value: unknown, path: string): Content {
  const { content, model, outputDimensionality: dimensions } = isRecord(value) ? value : {};
  const parts = isRecord(content) && Array.isArray(content['parts']) ? (content['parts'] as unknown[]) : [];
  const text = parts.map((part) => (isRecord(part) && typeof part['text'] === 'string' ? part['text'] : '')).join('');
  if (text === '') return { message: 'content is empty' };
  if (model !== undefined && model !== `models/${modelInPath(path, MODEL)}`) {
    return { message: `${JSON.stringify(model)} is not the model in the path` };
  }
  return { text, model, dimensions };
}

/** `POST …:embedContent` */
export const GEMINI_EMBED = taskDialect({
  read: (body, path) => {
    const content = readContent(body, path);
    return 'message' in content ? content : askVectors(modelInPath(path, MODEL), [content.text], content.dimensions);
  },
  answer: ({ inputs: [text = ''], dimensions }) => ({ embedding: { values: vectorOf(text, dimensions) } }),
});

/** `POST …:batchEmbedContents` */
export const GEMINI_BATCH_EMBED = taskDialect({
  read: ({ requests }, path) => {
    if (!Array.isArray(requests) || requests.length === 0) return { message: 'requests is empty' };
    const texts: string[] = [];
    let length: unknown;
    for (const each of requests) {
      const content = readContent(each, path);
      if ('message' in content) return content;
      if (content.model === undefined) return { message: 'each request must name the model' };
      texts.push(content.text);
      length = content.dimensions;
    }
    return askVectors(modelInPath(path, MODEL), texts, length);
  },
  answer: ({ inputs, dimensions }) => ({ embeddings: inputs.map((text) => ({ values: vectorOf(text, dimensions) })) }),
});

/** Of a content, which is a list of parts. */
function charsOf(content: unknown): number {
  return isRecord(content) ? contentChars(content['parts']) : 0;
}

/** `POST …:countTokens` */
export const GEMINI_COUNT = taskDialect({
  read: (body, path) => {
    const { contents, generateContentRequest } = body;
    const request = isRecord(generateContentRequest) ? generateContentRequest : body;
    if (contents !== undefined && generateContentRequest !== undefined) {
      return { message: 'contents and generateContentRequest cannot both be set' };
    }
    if (!Array.isArray(request['contents'])) return { message: 'contents is not specified' };
    const chars = [...request['contents'], request['systemInstruction']].reduce<number>(
      (sum, each) => sum + charsOf(each),
      0,
    );
    return askCount(modelInPath(path, MODEL), chars);
  },
  answer: (_task, { tokens }) => ({ totalTokens: tokens }),
});

/** `POST …:predict` of a model for text embeddings. */
export const VERTEX_PREDICT = taskDialect({
  read: ({ instances, parameters }, path) => {
    const texts = Array.isArray(instances)
      ? instances.map((each: unknown) => (isRecord(each) && typeof each['content'] === 'string' ? each['content'] : ''))
      : [];
    if (texts.length === 0 || texts.includes('')) return { message: 'instances must hold content' };
    const length = isRecord(parameters) ? parameters['outputDimensionality'] : undefined;
    return askVectors(modelInPath(path, MODEL), texts, length);
  },
  answer: ({ inputs, dimensions }, { tokens }) => ({
    predictions: inputs.map((text, index) => ({
      embeddings: {
        values: vectorOf(text, dimensions),
        statistics: { truncated: false, token_count: index === 0 ? tokens : 0 },
      },
    })),
  }),
});
