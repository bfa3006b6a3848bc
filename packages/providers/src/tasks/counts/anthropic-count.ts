import { anthropicMessages } from '../../dialects/anthropic-messages/codec.ts';
import { TranslationNotes } from '../../hub/notes.ts';
import type { ChatRequest } from '../../hub/request.ts';
import { countOf } from '../../json/read.ts';
import type { TaskCaller, TaskTarget } from '../task.ts';
import { pick, withoutCount } from './pick.ts';

/** What of a message is counted; the rest is refused. */
const COUNTED = ['model', 'system', 'messages', 'tools', 'tool_choice'];

/** Anthropic's `/messages/count_tokens`. */
export const anthropicCount: TaskTarget<ChatRequest, number> & TaskCaller<ChatRequest, number> = {
  dialect: 'anthropic.count_tokens',
  // The same as of a message, but without a limit for an answer that nobody wants.
  decodeRequest: (body, notes) => anthropicMessages.decodeRequest({ max_tokens: 1, ...body }, notes),
  encodeRequest: (asked, options) =>
    pick(anthropicMessages.encodeRequest(asked, { ...options, notes: new TranslationNotes() }), COUNTED),
  failureIn: (body) => withoutCount(body, 'input_tokens'),
  decodeAnswer: (body) => countOf(body['input_tokens']),
  readUsage: () => undefined,
  encodeAnswer: (count) => ({ input_tokens: count }),
};
