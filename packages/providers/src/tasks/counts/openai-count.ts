import { openaiResponses } from '../../dialects/openai-responses/codec.ts';
import { TranslationNotes } from '../../hub/notes.ts';
import type { ChatRequest } from '../../hub/request.ts';
import { countOf } from '../../json/read.ts';
import type { TaskTarget } from '../task.ts';
import { pick, withoutCount } from './pick.ts';

const COUNTED = ['model', 'instructions', 'input', 'tools', 'tool_choice', 'parallel_tool_calls', 'text', 'reasoning'];

/** OpenAI's `/responses/input_tokens`. */
export const openaiCount: TaskTarget<ChatRequest, number> = {
  dialect: 'openai.input_tokens',
  encodeRequest: (asked, options) =>
    pick(openaiResponses.encodeRequest(asked, { ...options, notes: new TranslationNotes() }), COUNTED),
  failureIn: (body) => withoutCount(body, 'input_tokens'),
  decodeAnswer: (body) => countOf(body['input_tokens']),
  readUsage: () => undefined,
};
