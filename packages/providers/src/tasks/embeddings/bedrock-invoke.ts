import type { EmbeddingAnswer, EmbeddingRequest } from '../../hub/embedding.ts';
import type { TranslationNotes } from '../../hub/notes.ts';
import { unsupportedField } from '../../json/expect.ts';
import { isArray } from '../../json/read.ts';
import type { TaskTarget } from '../task.ts';
import { decodeCohere, encodeCohere, isCohereAnswer } from './cohere-embed.ts';
import { countInHeader, inputUsage, textsOf, vectorOf } from './texts.ts';

/** Ids of inference profiles begin with a region, ARNs end in the id. */
const COHERE = /cohere\.embed/;
const TITAN = /amazon\.titan-embed-text-(?<version>v\d)?/;

/** Bedrock's InvokeModel, where each vendor's models have a form of their own: Cohere's and Amazon's Titan. */
export const bedrockInvoke: TaskTarget<EmbeddingRequest, EmbeddingAnswer> = {
  dialect: 'bedrock.invoke',
  encodeRequest(asked, { model, notes }) {
    if (COHERE.test(model)) return encodeCohere(asked, notes);
    const titan = TITAN.exec(model);
    if (titan === null) throw unsupportedField('model', 'Titan and Cohere embed here');
    return encodeTitan(asked, titan.groups?.['version'] !== 'v1', notes);
  },
  failureIn: (body) => {
    if (isArray(body['embedding']) || isCohereAnswer(body)) return undefined;
    return typeof body['message'] === 'string' ? body : { message: 'answered without an embedding' };
  },
  decodeAnswer: (body) => (isArray(body['embedding']) ? [vectorOf(body['embedding'])] : decodeCohere(body)),
  readUsage: (body, headers) =>
    inputUsage(body['inputTextTokenCount'] ?? countInHeader(headers, 'x-amzn-bedrock-input-token-count')),
};

function encodeTitan(asked: EmbeddingRequest, sized: boolean, notes: TranslationNotes) {
  const { dimensions, purpose, title, user } = asked;
  const [inputText, ...others] = textsOf(asked);
  if (inputText === undefined || others.length > 0) throw unsupportedField('input', 'Titan takes one text at a time');
  if (dimensions !== undefined && !sized) throw unsupportedField('dimensions', 'the model has one length alone');
  if (purpose !== undefined) notes.drop('input_type');
  if (title !== undefined) notes.drop('title');
  if (user !== undefined) notes.drop('user');
  return { inputText, ...(dimensions === undefined ? undefined : { dimensions }) };
}
