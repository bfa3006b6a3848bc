import type { SimulatedDialect, SimulatedTask } from '../styles/style.ts';
import { TASKS } from '../tasks/registry.ts';
import { ANTHROPIC_MESSAGES } from './anthropic-messages.ts';
import { BEDROCK_CONVERSE } from './bedrock-converse.ts';
import { COHERE_CHAT } from './cohere-chat.ts';
import type { WireDialect } from './dialect.ts';
import { GEMINI_GENERATE } from './gemini-generate.ts';
import { OPENAI_CHAT } from './openai-chat.ts';
import { OPENAI_RESPONSES } from './openai-responses.ts';

export const WIRE_DIALECTS: Readonly<Record<SimulatedDialect | SimulatedTask, WireDialect>> = {
  ...TASKS,
  'openai.chat': OPENAI_CHAT,
  'openai.responses': OPENAI_RESPONSES,
  'anthropic.messages': ANTHROPIC_MESSAGES,
  'gemini.generate': GEMINI_GENERATE,
  'bedrock.converse': BEDROCK_CONVERSE,
  'cohere.chat': COHERE_CHAT,
};
