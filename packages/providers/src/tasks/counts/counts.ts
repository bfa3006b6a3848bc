import type { ChatRequest } from '../../hub/request.ts';
import type { TaskFamily } from '../task.ts';
import { anthropicCount } from './anthropic-count.ts';
import { bedrockCount } from './bedrock-count.ts';
import { geminiCount } from './gemini-count.ts';
import { openaiCount } from './openai-count.ts';

/** Every protocol for counting the tokens of a prompt that is known. The answer is a number. */
export const COUNTS: TaskFamily<ChatRequest, number> = {
  targets: [anthropicCount, geminiCount, bedrockCount, openaiCount],
  callers: [anthropicCount, geminiCount],
};
