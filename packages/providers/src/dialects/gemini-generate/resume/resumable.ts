import { JsonBody, type JsonObject, type JsonValue } from '@x/core';
import { listOf, numberOf, objectOf } from '../../../json/read.ts';
import { reducedLimits, withTurn } from '../../../resume/continued-messages.ts';
import { says } from '../../../resume/frame-data.ts';
import type { ResumableDialect } from '../../resumable.ts';
import { fieldOf } from '../field.ts';
import { ResponseSplicer } from './response-splicer.ts';

export const resumableGenerate: ResumableDialect = {
  obstacle,
  continued,
  splicer: (request) => new ResponseSplicer(request),
};

/** Settings whose effect on the answer cannot be carried over a break. */
const OBSTACLES = ['responseSchema', 'responseJsonSchema', 'responseLogprobs', 'speechConfig'] as const;

function obstacle(body: JsonObject): string | undefined {
  const generation = objectOf(fieldOf(body, 'generationConfig'));
  const mimeType = fieldOf(generation, 'responseMimeType');
  if (says(mimeType) && mimeType !== 'text/plain') return 'generationConfig.responseMimeType';
  if ((numberOf(fieldOf(generation, 'candidateCount')) ?? 1) > 1) return 'generationConfig.candidateCount';
  if (listOf(fieldOf(generation, 'responseModalities')).some((each) => each !== 'TEXT')) {
    return 'generationConfig.responseModalities';
  }
  const found = OBSTACLES.find((name) => says(fieldOf(generation, name)));
  if (found !== undefined) return `generationConfig.${found}`;
  // What a tool at Google finds is in the answer and not in the conversation.
  return listOf(body['tools']).every(declaresFunctions) ? undefined : 'tools';
}

function declaresFunctions(tool: JsonValue): boolean {
  return Object.keys(objectOf(tool)).every(
    (name) => name === 'functionDeclarations' || name === 'function_declarations',
  );
}

function continued(body: JsonBody, text: string): JsonBody | undefined {
  const { value } = body;
  const generation = objectOf(fieldOf(value, 'generationConfig'));
  // An answer that begins with thoughts cannot be begun for the model.
  const thinking = objectOf(fieldOf(generation, 'thinkingConfig'));
  if (says(thinking) && numberOf(fieldOf(thinking, 'thinkingBudget')) !== 0) return undefined;
  const contents = withTurn(value['contents'], text, { role: 'model', parts: 'parts' });
  if (contents === undefined) return undefined;
  const name = value['generationConfig'] === undefined ? 'generation_config' : 'generationConfig';
  const reduced = reducedLimits(generation, ['maxOutputTokens', 'max_output_tokens'], text);
  return JsonBody.parse(body.edit({ contents, ...(says(reduced) && { [name]: { ...generation, ...reduced } }) }));
}
