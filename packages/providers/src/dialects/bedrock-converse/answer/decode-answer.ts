import type { FinishReason, JsonObject, JsonValue } from '@x/core';
import type { ChatAnswer } from '../../../hub/answer.ts';
import type { AssistantPart } from '../../../hub/request.ts';
import { isArray, isObject, listOf, objectOf, stringOf } from '../../../json/read.ts';
import { decodeStopReason, stopFailure } from './stop-reason.ts';
import { decodeUsage } from './usage.ts';

export function failureIn(body: JsonObject): JsonValue | undefined {
  if (isArray(messageOf(body)['content'])) return stopFailure(body['stopReason']);
  return body['message'] === undefined && body['__type'] === undefined ? { message: 'answered without output' } : body;
}

export function decodeAnswer(body: JsonObject): ChatAnswer {
  return {
    id: undefined,
    model: undefined,
    content: listOf(messageOf(body)['content']).flatMap(decodeBlock),
    finishReason: readFinishReason(body),
    usage: decodeUsage(body['usage']),
  };
}

export function readFinishReason(body: JsonObject): FinishReason | undefined {
  return decodeStopReason(body['stopReason']);
}

function messageOf(body: JsonObject): JsonObject {
  return objectOf(objectOf(body['output'])['message']);
}

/** A block is an object with one member, whose name is its type. Those that are not known are no part of the answer itself. */
function decodeBlock(block: JsonValue): AssistantPart[] {
  if (!isObject(block)) return [];
  const { text, toolUse, reasoningContent, citationsContent } = block;
  if (typeof text === 'string') return text === '' ? [] : [{ type: 'text', text }];
  if (isObject(toolUse)) return decodeToolUse(toolUse);
  if (isObject(reasoningContent)) return decodeReasoning(reasoningContent);
  if (!isObject(citationsContent)) return [];
  const cited = listOf(citationsContent['content'])
    .map((each) => stringOf(objectOf(each)['text']) ?? '')
    .join('');
  return cited === '' ? [] : [{ type: 'text', text: cited }];
}

/** A call of a tool that ran at the provider is no call of the caller's. */
function decodeToolUse({ toolUseId, name, input, type }: JsonObject): AssistantPart[] {
  if (typeof toolUseId !== 'string' || typeof name !== 'string' || type === 'server_tool_use') return [];
  return [{ type: 'tool-call', id: toolUseId, name, json: JSON.stringify(input ?? {}) }];
}

export function decodeReasoning({ reasoningText, redactedContent }: JsonObject): AssistantPart[] {
  if (typeof redactedContent === 'string') return [{ type: 'redacted-reasoning', data: redactedContent }];
  if (!isObject(reasoningText)) return [];
  const { text, signature } = reasoningText;
  const signed = typeof signature === 'string' && signature !== '' ? { signature } : undefined;
  return [{ type: 'reasoning', text: stringOf(text) ?? '', ...signed }];
}
