import type { FinishReason, JsonObject, JsonValue } from '@x/core';
import type { ChatAnswer } from '../../../hub/answer.ts';
import type { AssistantPart } from '../../../hub/request.ts';
import { isArray, isObject, listOf, stringOf } from '../../../json/read.ts';
import { decodeStopReason } from './stop-reason.ts';
import { decodeUsage } from './usage.ts';

export function failureIn(body: JsonObject): JsonValue | undefined {
  if (body['type'] === 'error' || isObject(body['error'])) return body;
  return isArray(body['content']) ? undefined : { message: 'answered without content' };
}

export function decodeAnswer(body: JsonObject): ChatAnswer {
  return {
    id: stringOf(body['id']),
    model: stringOf(body['model']),
    content: listOf(body['content']).flatMap(decodeBlock),
    finishReason: readFinishReason(body),
    usage: decodeUsage(body['usage']),
  };
}

export function readFinishReason(body: JsonObject): FinishReason | undefined {
  return decodeStopReason(body['stop_reason']);
}

/** Blocks of tools that ran at Anthropic are not part of the answer itself. */
function decodeBlock(block: JsonValue): AssistantPart[] {
  if (!isObject(block)) return [];
  const { type, text, thinking, signature, data, id, name, input } = block;
  switch (type) {
    case 'text':
      return typeof text === 'string' && text !== '' ? [{ type, text }] : [];
    case 'thinking':
      return [
        {
          type: 'reasoning',
          text: stringOf(thinking) ?? '',
          ...(typeof signature === 'string' && signature !== '' && { signature }),
        },
      ];
    case 'redacted_thinking':
      return typeof data === 'string' ? [{ type: 'redacted-reasoning', data }] : [];
    case 'tool_use':
      return typeof id === 'string' && typeof name === 'string'
        ? [{ type: 'tool-call', id, name, json: JSON.stringify(input ?? {}) }]
        : [];
    default:
      return [];
  }
}
