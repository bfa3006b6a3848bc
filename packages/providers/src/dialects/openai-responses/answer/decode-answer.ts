import type { FinishReason, JsonObject, JsonValue } from '@x/core';
import type { ChatAnswer } from '../../../hub/answer.ts';
import type { AssistantPart } from '../../../hub/request.ts';
import { isArray, isObject, listOf, objectOf, stringOf } from '../../../json/read.ts';
import { thoughtOf } from '../foreign-thought.ts';
import { thoughtText } from '../request/decode-input.ts';
import { decodeStatus } from './status.ts';
import { decodeUsage } from './usage.ts';

/** A response that failed comes with status 200, and its error inside. */
export function failureIn(body: JsonObject): JsonValue | undefined {
  if (isObject(body['error']) || typeof body['error'] === 'string') return body;
  if (body['status'] === 'failed') return { message: 'answered with status "failed"' };
  return isArray(body['output']) ? undefined : { message: 'answered without output' };
}

export function decodeAnswer(body: JsonObject): ChatAnswer {
  return {
    id: stringOf(body['id']),
    model: stringOf(body['model']),
    content: listOf(body['output']).flatMap(decodeItem),
    finishReason: readFinishReason(body),
    usage: decodeUsage(body['usage']),
  };
}

export function readFinishReason(body: JsonObject): FinishReason | undefined {
  return decodeStatus(
    body,
    listOf(body['output']).some((item) => objectOf(item)['type'] === 'function_call'),
  );
}

/** Items of tools that run at the provider are no part of what the model says. */
function decodeItem(value: JsonValue, index: number): AssistantPart[] {
  const item = objectOf(value);
  switch (item['type']) {
    case 'message':
      return listOf(item['content']).flatMap(decodePart);
    case 'reasoning':
      return thoughtOf(item, thoughtText(item));
    case 'function_call': {
      const name = stringOf(item['name']);
      if (name === undefined) return [];
      const id = stringOf(item['call_id']) || `call_${index}`;
      return [{ type: 'tool-call', id, name, json: stringOf(item['arguments']) ?? '' }];
    }
    default:
      return [];
  }
}

function decodePart(value: JsonValue): AssistantPart[] {
  const { type, text, refusal } = objectOf(value);
  // Some hosts say `text`.
  if ((type === 'output_text' || type === 'text') && typeof text === 'string' && text !== '')
    return [{ type: 'text', text }];
  return type === 'refusal' && typeof refusal === 'string' ? [{ type: 'refusal', text: refusal }] : [];
}
