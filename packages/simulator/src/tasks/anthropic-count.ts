import { contentChars, messageChars, toolChars } from '../dialects/input-size.ts';
import { askCount } from './ask-task.ts';
import { taskDialect } from './task-dialect.ts';

/** `POST /v1/messages/count_tokens` */
export const ANTHROPIC_COUNT = taskDialect({
  read: (body) => {
    const { model, messages, system, tools } = body;
    if (typeof model !== 'string' || model === '') return { message: 'model: Field required' };
    if (!Array.isArray(messages)) return { message: 'messages: Field required' };
    const extra = ['max_tokens', 'stream', 'temperature'].find((name) => body[name] !== undefined);
    if (extra !== undefined) return { message: `${extra}: Extra inputs are not permitted` };
    return askCount(model, messageChars(messages) + contentChars(system) + toolChars(tools));
  },
  answer: (_task, { tokens }) => ({ input_tokens: tokens }),
});
