import type { WireDialect } from '../dialects/dialect.ts';
import type { SimulatedDialect, SimulatedTask } from '../styles/style.ts';
import { ANTHROPIC_COUNT } from './anthropic-count.ts';
import { BEDROCK_COUNT, BEDROCK_INVOKE } from './bedrock-tasks.ts';
import { COHERE_EMBED } from './cohere-embed.ts';
import { GEMINI_BATCH_EMBED, GEMINI_COUNT, GEMINI_EMBED, VERTEX_PREDICT } from './gemini-tasks.ts';
import { OPENAI_EMBEDDINGS, OPENAI_INPUT_TOKENS } from './openai-tasks.ts';

export const TASKS: Readonly<Record<SimulatedTask, WireDialect>> = {
  'openai.embeddings': OPENAI_EMBEDDINGS,
  'openai.input_tokens': OPENAI_INPUT_TOKENS,
  'anthropic.count_tokens': ANTHROPIC_COUNT,
  'gemini.embed': GEMINI_EMBED,
  'gemini.batch_embed': GEMINI_BATCH_EMBED,
  'gemini.count_tokens': GEMINI_COUNT,
  'vertex.predict': VERTEX_PREDICT,
  'bedrock.invoke': BEDROCK_INVOKE,
  'bedrock.count_tokens': BEDROCK_COUNT,
  'cohere.embed': COHERE_EMBED,
};

/** What a provider has to speak to do them. */
export const TASK_OF: Readonly<Record<SimulatedTask, SimulatedDialect>> = {
  'openai.embeddings': 'openai.chat',
  'openai.input_tokens': 'openai.chat',
  'anthropic.count_tokens': 'anthropic.messages',
  'gemini.embed': 'gemini.generate',
  'gemini.batch_embed': 'gemini.generate',
  'gemini.count_tokens': 'gemini.generate',
  'vertex.predict': 'gemini.generate',
  'bedrock.invoke': 'bedrock.converse',
  'bedrock.count_tokens': 'bedrock.converse',
  'cohere.embed': 'cohere.chat',
};

export function isTask(name: SimulatedDialect | SimulatedTask): name is SimulatedTask {
  return Object.hasOwn(TASKS, name);
}
