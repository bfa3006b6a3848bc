/** The wire protocols that callers and providers speak. */
export const DIALECTS = [
  'openai.chat',
  'openai.responses',
  'openai.embeddings',
  'anthropic.messages',
  'gemini.generate',
  'bedrock.converse',
  'cohere.chat',
] as const;

export type Dialect = (typeof DIALECTS)[number];
