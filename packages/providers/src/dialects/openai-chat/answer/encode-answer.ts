import type { JsonObject } from '@x/core';
import type { ChatAnswer } from '../../../hub/answer.ts';
import type { AssistantPart } from '../../../hub/request.ts';
import type { AnswerMeta } from '../../codec.ts';
import { signed } from '../thought-signature.ts';
import { encodeFinishReason } from './finish-reason.ts';
import { encodeUsage } from './usage.ts';

export function encodeAnswer(answer: ChatAnswer, meta: AnswerMeta): JsonObject {
  return {
    id: answer.id ?? meta.id,
    object: 'chat.completion',
    created: Math.floor(meta.now / 1_000),
    model: answer.model ?? meta.model,
    choices: [
      {
        index: 0,
        message: encodeMessage(answer.content),
        logprobs: null,
        finish_reason: encodeFinishReason(answer.finishReason),
      },
    ],
    ...(answer.usage && { usage: encodeUsage(answer.usage) }),
  };
}

function encodeMessage(content: readonly AssistantPart[]): JsonObject {
  const text = content.filter((part) => part.type === 'text').map((part) => part.text);
  const refusal = content.filter((part) => part.type === 'refusal').map((part) => part.text);
  const calls = content.filter((part) => part.type === 'tool-call');
  return {
    role: 'assistant',
    content: text.length > 0 ? text.join('') : null,
    refusal: refusal.length > 0 ? refusal.join('') : null,
    ...encodeReasoning(content),
    ...(calls.length > 0 && {
      tool_calls: calls.map(({ id, name, json, signature }) => ({
        id,
        type: 'function',
        function: { name, arguments: json || '{}' },
        ...signed(signature),
      })),
    }),
  };
}

/**
 * The text where most clients look for it, and the blocks with their signatures in OpenRouter's form: a caller who sends the
 * message back unchanged hands them back to the model that signed them.
 */
function encodeReasoning(content: readonly AssistantPart[]): JsonObject {
  const thoughts = content.filter((part) => part.type === 'reasoning');
  const details = content.flatMap((part): JsonObject[] => {
    if (part.type === 'redacted-reasoning') return [{ type: 'reasoning.encrypted', data: part.data }];
    if (part.type !== 'reasoning' || part.signature === undefined) return [];
    return [{ type: 'reasoning.text', text: part.text, signature: part.signature }];
  });
  return {
    ...(thoughts.length > 0 && { reasoning_content: thoughts.map((part) => part.text).join('') }),
    ...(details.length > 0 && { reasoning_details: details }),
  };
}
