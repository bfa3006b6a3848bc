import type { Problem } from '../dialects/dialect.ts';
import { askVectors } from './ask-task.ts';
import { taskDialect } from './task-dialect.ts';
import { vectorOf } from './vector.ts';

const INPUT_TYPES = ['search_document', 'search_query', 'classification', 'clustering'];

/** `POST /v2/embed` */
export const COHERE_EMBED = taskDialect({
  read: (body) => {
    const { model, output_dimension: dimensions } = body;
    if (typeof model !== 'string' || model === '') return { message: 'invalid request: model is required' };
    const texts = readTexts(body);
    return 'message' in texts ? texts : askVectors(model, texts.texts, dimensions);
  },
  answer: ({ inputs, dimensions }, { tokens }) => ({
    id: '1',
    embeddings: { float: inputs.map((text) => vectorOf(text, dimensions)) },
    texts: inputs,
    meta: { api_version: { version: '2' }, billed_units: { input_tokens: tokens } },
    response_type: 'embeddings_by_type',
  }),
});

export function readTexts(body: Readonly<Record<string, unknown>>): { readonly texts: readonly string[] } | Problem {
  const { texts, input_type: type } = body;
  if (typeof type !== 'string' || !INPUT_TYPES.includes(type)) {
    return { message: `invalid request: valid input_type must be provided with the provided model` };
  }
  const isList = Array.isArray(texts) && texts.length > 0 && texts.every((each) => typeof each === 'string');
  return isList ? { texts: texts as string[] } : { message: 'invalid request: at least one text is required' };
}
