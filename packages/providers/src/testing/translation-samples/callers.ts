import { ANTHROPIC } from './anthropic-messages.ts';
import { CONVERSE } from './bedrock-converse.ts';
import { GEMINI } from './gemini-generate.ts';
import { OPENAI } from './openai-chat.ts';
import { RESPONSES } from './openai-responses.ts';
import type { CallerSamples } from './samples.ts';

export const CALLERS: readonly CallerSamples[] = [OPENAI, RESPONSES, ANTHROPIC, GEMINI, CONVERSE];
