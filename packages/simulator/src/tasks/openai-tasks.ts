import type { Problem } from '../dialects/dialect.ts';
import { contentChars, isRecord } from '../dialects/input-size.ts';
import type { Ask } from '../answer/ask.ts';
import { askCount, askVectors } from './ask-task.ts';
import { taskDialect } from './task-dialect.ts';
import { vectorOf } from './vector.ts';

type Body = Readonly<Record<string, unknown>>;

/** `POST /v1/embeddings` */
export const OPENAI_EMBEDDINGS = taskDialect({
  read: readEmbeddings,
  answer: ({ inputs, dimensions }, { model, tokens }) => ({
    object: 'list',
    data: inputs.map((text, index) => ({
      object: 'embedding',
      index,
      embedding: text.startsWith(BASE64) ? base64(vectorOf(text.slice(1), dimensions)) : vectorOf(text, dimensions),
    })),
    model,
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  }),
});

/** In front of a text whose vector goes out as base64. */
const BASE64 = '\u0000';

function readEmbeddings(body: Body): Ask | Problem {
  const { model, input, dimensions, encoding_format: encoding } = body;
  if (typeof model !== 'string' || model === '')
    return { message: 'you must provide a model parameter', param: 'model' };
  const list = typeof input === 'string' || (Array.isArray(input) && typeof input[0] === 'number') ? [input] : input;
  if (!Array.isArray(list) || list.length === 0)
    return { message: "'input' cannot be an empty array.", param: 'input' };
  if (list.includes('')) return { message: "'input' cannot be an empty string.", param: 'input' };
  const texts = list.map((each) => (typeof each === 'string' ? each : JSON.stringify(each)));
  return askVectors(model, encoding === 'base64' ? texts.map((text) => BASE64 + text) : texts, dimensions);
}

function base64(vector: readonly number[]): string {
  return Buffer.from(Float32Array.from(vector).buffer).toString('base64');
}

/** `POST /v1/responses/input_tokens` */
export const OPENAI_INPUT_TOKENS = taskDialect({
  read: ({ model, input, instructions, tools }) => {
    if (typeof model !== 'string' || model === '')
      return { message: 'you must provide a model parameter', param: 'model' };
    return askCount(
      model,
      charsOf(input) + charsOf(instructions) + (tools === undefined ? 0 : JSON.stringify(tools).length),
    );
  },
  answer: (_task, { tokens }) => ({ object: 'response.input_tokens', input_tokens: tokens }),
});

function charsOf(value: unknown): number {
  if (Array.isArray(value)) return value.reduce<number>((sum, each) => sum + charsOf(each), 0);
  return isRecord(value) && value['content'] !== undefined ? contentChars(value['content']) : contentChars(value);
}
