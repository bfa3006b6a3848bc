import type { FinishReason, JsonObject, JsonValue } from '@x/core';
import type { ChatAnswer } from '../../../hub/answer.ts';
import type { AssistantPart } from '../../../hub/request.ts';
import { isObject, listOf, objectOf, stringOf } from '../../../json/read.ts';
import { decodeFinishReason, finishFailure } from './finish-reason.ts';
import { decodeUsage } from './usage.ts';

/** An error has its words where an answer has an object. */
export function failureIn(body: JsonObject): JsonValue | undefined {
  const { message } = body;
  if (isObject(message)) return finishFailure(body['finish_reason']);
  return typeof message === 'string' ? body : { message: 'answered without a message' };
}

export function decodeAnswer(body: JsonObject): ChatAnswer {
  const message = objectOf(body['message']);
  const plan = stringOf(message['tool_plan']);
  return {
    id: stringOf(body['id']),
    model: undefined,
    content: [
      ...listOf(message['content']).flatMap(decodeBlock),
      ...(plan ? [{ type: 'text' as const, text: plan }] : []),
      ...listOf(message['tool_calls']).flatMap(decodeToolCall),
    ],
    finishReason: readFinishReason(body),
    usage: decodeUsage(body['usage']),
  };
}

export function readFinishReason(body: JsonObject): FinishReason | undefined {
  return decodeFinishReason(body['finish_reason']);
}

function decodeBlock(block: JsonValue): AssistantPart[] {
  const { type, text, thinking } = objectOf(block);
  if (type === 'text' && typeof text === 'string' && text !== '') return [{ type: 'text', text }];
  if (type === 'thinking' && typeof thinking === 'string') return [{ type: 'reasoning', text: thinking }];
  return [];
}

function decodeToolCall(value: JsonValue, index: number): AssistantPart[] {
  const call = objectOf(value);
  const { name, arguments: json } = objectOf(call['function']);
  if (typeof name !== 'string') return [];
  return [{ type: 'tool-call', id: stringOf(call['id']) || `call_${index}`, name, json: stringOf(json) ?? '' }];
}
