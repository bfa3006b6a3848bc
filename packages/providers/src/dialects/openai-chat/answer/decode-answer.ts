import type { FinishReason, JsonObject, JsonValue } from '@x/core';
import type { ChatAnswer } from '../../../hub/answer.ts';
import type { AssistantPart } from '../../../hub/request.ts';
import { isObject, listOf, objectOf, stringOf } from '../../../json/read.ts';
import { decodeReasoning } from '../request/decode-messages.ts';
import { signatureOf } from '../thought-signature.ts';
import { decodeFinishReason, isFailure } from './finish-reason.ts';
import { decodeUsage } from './usage.ts';

/**
 * OpenRouter and others answer 200 with an `error` beside or instead of the choices, or with a choice that finished by an error.
 * An answer without choices is none at all.
 */
export function failureIn(body: JsonObject): JsonValue | undefined {
  if (isObject(body['error']) || typeof body['error'] === 'string') return body;
  const choice = firstChoice(body);
  if (choice === undefined) return { message: 'answered without any choice' };
  if (isObject(choice['error'])) return choice;
  const reason = choice['finish_reason'];
  return isFailure(reason) ? finishFailure(reason) : undefined;
}

export function finishFailure(reason: string): JsonValue {
  return { code: reason, message: `ended with finish_reason "${reason}"` };
}

export function decodeAnswer(body: JsonObject): ChatAnswer {
  const message = objectOf(firstChoice(body)?.['message']);
  const refusal = stringOf(message['refusal']);
  const content: AssistantPart[] = [
    ...decodeReasoning(message),
    ...decodeContent(message['content']),
    ...(refusal ? [{ type: 'refusal' as const, text: refusal }] : []),
    ...listOf(message['tool_calls']).flatMap(decodeToolCall),
  ];
  return {
    id: stringOf(body['id']),
    model: stringOf(body['model']),
    content,
    finishReason: readFinishReason(body),
    usage: decodeUsage(body['usage']),
  };
}

export function readFinishReason(body: JsonObject): FinishReason | undefined {
  const choice = firstChoice(body);
  const calledTools = listOf(objectOf(choice?.['message'])['tool_calls']).length > 0;
  return decodeFinishReason(choice?.['finish_reason'], calledTools);
}

function firstChoice(body: JsonObject): JsonObject | undefined {
  const choice = listOf(body['choices'])[0];
  return isObject(choice) ? choice : undefined;
}

/** A string, or parts as Mistral sends them, thoughts among them. */
function decodeContent(content: JsonValue | undefined): AssistantPart[] {
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  return listOf(content).flatMap((part): AssistantPart[] => {
    const { type, text, thinking } = objectOf(part);
    if (type === 'text' && typeof text === 'string' && text !== '') return [{ type: 'text', text }];
    if (type !== 'thinking') return [];
    const thoughts = listOf(thinking).map((each) => stringOf(objectOf(each)['text']) ?? '');
    return [{ type: 'reasoning', text: thoughts.join('') }];
  });
}

function decodeToolCall(value: JsonValue, index: number): AssistantPart[] {
  const call = objectOf(value);
  const fn = objectOf(call['function']);
  const name = stringOf(fn['name']);
  if (name === undefined) return [];
  return [
    {
      type: 'tool-call',
      id: stringOf(call['id']) || `call_${index}`,
      name,
      json: stringOf(fn['arguments']) ?? '',
      ...signatureOf(call),
    },
  ];
}
