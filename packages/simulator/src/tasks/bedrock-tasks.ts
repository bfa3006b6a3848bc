import { isRecord, messageChars } from '../dialects/input-size.ts';
import { askCount, askVectors, modelInPath } from './ask-task.ts';
import { readTexts } from './cohere-embed.ts';
import { taskDialect } from './task-dialect.ts';
import { vectorOf } from './vector.ts';

const MODEL = /\/model\/([^/]+)\/(?:invoke|count-tokens)$/;

/** `POST /model/{modelId}/invoke` of Titan's and Cohere's models for embeddings. */
export const BEDROCK_INVOKE = taskDialect({
  read: (body, path) => {
    const model = modelInPath(path, MODEL);
    if (model.includes('cohere.')) {
      const texts = readTexts(body);
      return 'message' in texts ? texts : askVectors(model, texts.texts, body['output_dimension']);
    }
    const { inputText, dimensions } = body;
    if (typeof inputText !== 'string')
      return { message: 'Malformed input request: #: required key [inputText] not found' };
    return askVectors(model, [inputText], dimensions);
  },
  answer: ({ inputs, dimensions }, { model, tokens }) => {
    const vectors = inputs.map((text) => vectorOf(text, dimensions));
    return model.includes('cohere.')
      ? { id: '1', embeddings: { float: vectors }, response_type: 'embeddings_by_type' }
      : { embedding: vectors[0], inputTextTokenCount: tokens };
  },
});

/** `POST /model/{modelId}/count-tokens` */
export const BEDROCK_COUNT = taskDialect({
  read: ({ input }, path) => {
    const converse = isRecord(input) ? input['converse'] : undefined;
    const messages = isRecord(converse) ? converse['messages'] : undefined;
    if (!Array.isArray(messages)) return { message: 'input.converse.messages is required' };
    return askCount(modelInPath(path, MODEL), messageChars(messages));
  },
  answer: (_task, { tokens }) => ({ inputTokens: tokens }),
});
