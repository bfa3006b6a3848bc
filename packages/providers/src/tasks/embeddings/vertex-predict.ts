import { NO_USAGE } from '@x/core';
import type { EmbeddingAnswer, EmbeddingRequest } from '../../hub/embedding.ts';
import { countOf, isArray, listOf, objectOf } from '../../json/read.ts';
import type { TaskTarget } from '../task.ts';
import { taskTypeOf } from './gemini-embed.ts';
import { textsOf, vectorOf } from './texts.ts';

/** Vertex AI's `:predict` of models for text embeddings. */
export const vertexPredict: TaskTarget<EmbeddingRequest, EmbeddingAnswer> = {
  dialect: 'vertex.predict',
  encodeRequest(asked, { notes }) {
    const { dimensions, title, purpose, user } = asked;
    if (user !== undefined) notes.drop('user');
    const taskType = taskTypeOf(purpose);
    return {
      instances: textsOf(asked).map((content) => ({
        content,
        ...(taskType !== undefined && { task_type: taskType }),
        ...(title !== undefined && { title }),
      })),
      ...(dimensions === undefined ? undefined : { parameters: { outputDimensionality: dimensions } }),
    };
  },
  failureIn: (body) => {
    if (isArray(body['predictions'])) return undefined;
    return body['error'] === undefined ? { message: 'answered without predictions' } : body;
  },
  decodeAnswer: (body) => embeddingsIn(body['predictions']).map(({ values }) => vectorOf(values)),
  readUsage: (body) => {
    const counts = embeddingsIn(body['predictions']).map(({ statistics }) =>
      countOf(objectOf(statistics)['token_count']),
    );
    return { ...NO_USAGE, inputTokens: counts.reduce((sum, count) => sum + count, 0) };
  },
};

function embeddingsIn(predictions: unknown) {
  return listOf(predictions).map((each) => objectOf(objectOf(each)['embeddings']));
}
