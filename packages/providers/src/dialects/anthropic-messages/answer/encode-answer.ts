import { NO_USAGE, type JsonObject } from '@x/core';
import type { ChatAnswer } from '../../../hub/answer.ts';
import type { AssistantPart } from '../../../hub/request.ts';
import { argumentsObject } from '../../../hub/tool-arguments.ts';
import type { AnswerMeta } from '../../codec.ts';
import { encodeStopReason } from './stop-reason.ts';
import { encodeUsage } from './usage.ts';

export function encodeAnswer(answer: ChatAnswer, meta: AnswerMeta): JsonObject {
  const refused = answer.content.some((part) => part.type === 'refusal');
  return {
    id: answer.id ?? meta.id,
    type: 'message',
    role: 'assistant',
    model: answer.model ?? meta.model,
    content: answer.content.map(encodeBlock),
    stop_reason: refused ? 'refusal' : encodeStopReason(answer.finishReason),
    stop_sequence: null,
    usage: encodeUsage(answer.usage ?? NO_USAGE),
  };
}

function encodeBlock(part: AssistantPart): JsonObject {
  switch (part.type) {
    case 'text':
    case 'refusal':
      return { type: 'text', text: part.text };
    case 'reasoning':
      return { type: 'thinking', thinking: part.text, signature: part.signature ?? '' };
    case 'redacted-reasoning':
      return { type: 'redacted_thinking', data: part.data };
    case 'tool-call':
      return { type: 'tool_use', id: part.id, name: part.name, input: argumentsObject(part.json) };
  }
}
