/** The wire protocols that callers and providers speak. `openai.rest` is all of OpenAI's API that nobody translates. */
export const DIALECTS = [
  'openai.chat',
  'openai.responses',
  'openai.embeddings',
  'openai.input_tokens',
  'openai.rest',
  'anthropic.messages',
  'anthropic.count_tokens',
  'gemini.generate',
  'gemini.embed',
  'gemini.batch_embed',
  'gemini.count_tokens',
  'vertex.predict',
  'bedrock.converse',
  'bedrock.invoke',
  'bedrock.count_tokens',
  'cohere.chat',
  'cohere.embed',
] as const;

export type Dialect = (typeof DIALECTS)[number];

/** What a request is for. A provider is asked in a dialect of the same operation, whatever the caller's own. */
export type Operation = 'chat' | 'embeddings' | 'count_tokens' | 'rest';

const OTHERS: ReadonlyMap<string, Operation> = new Map<Dialect, Operation>([
  ['openai.embeddings', 'embeddings'],
  ['gemini.embed', 'embeddings'],
  ['gemini.batch_embed', 'embeddings'],
  ['vertex.predict', 'embeddings'],
  ['bedrock.invoke', 'embeddings'],
  ['cohere.embed', 'embeddings'],
  ['openai.input_tokens', 'count_tokens'],
  ['anthropic.count_tokens', 'count_tokens'],
  ['gemini.count_tokens', 'count_tokens'],
  ['bedrock.count_tokens', 'count_tokens'],
  ['openai.rest', 'rest'],
]);

/** Of any other word it is a chat, as of a request that names no dialect. */
export function operationOf(dialect: string | undefined): Operation {
  return (dialect === undefined ? undefined : OTHERS.get(dialect)) ?? 'chat';
}
