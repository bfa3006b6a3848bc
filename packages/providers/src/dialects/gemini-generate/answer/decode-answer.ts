import type { FinishReason, JsonObject, JsonValue } from '@x/core';
import type { ChatAnswer } from '../../../hub/answer.ts';
import type { AssistantPart } from '../../../hub/request.ts';
import { isObject, listOf, objectOf, stringOf } from '../../../json/read.ts';
import { callId } from '../call-ids.ts';
import { decodeFinishReason, isFailure } from './finish-reason.ts';
import { decodeUsage } from './usage.ts';

/** A blocked prompt is an answer that was filtered, not a failure; an answer without a candidate for no reason is none at all. */
export function failureIn(body: JsonObject): JsonValue | undefined {
  if (isObject(body['error'])) return body;
  const candidate = firstCandidate(body);
  if (candidate === undefined) {
    return blockReason(body) === undefined ? { message: 'answered without any candidate' } : undefined;
  }
  const reason = candidate['finishReason'];
  return isFailure(reason, partsOf(candidate).length === 0) ? finishFailure(candidate, reason) : undefined;
}

export function finishFailure(candidate: JsonObject, reason: string): JsonValue {
  const { finishMessage } = candidate;
  const message = typeof finishMessage === 'string' ? `: ${finishMessage}` : '';
  return { code: reason, message: `ended with finishReason "${reason}"${message}` };
}

export function decodeAnswer(body: JsonObject, requestId = ''): ChatAnswer {
  const candidate = firstCandidate(body);
  let calls = 0;
  const content = partsOf(candidate).flatMap((part): AssistantPart[] => {
    const { functionCall, text, thought, thoughtSignature } = objectOf(part);
    const signature =
      typeof thoughtSignature === 'string' && thoughtSignature !== '' ? { signature: thoughtSignature } : {};
    if (isObject(functionCall)) {
      const { id, name, args } = functionCall;
      if (typeof name !== 'string') return [];
      const own = stringOf(id) || callId(requestId, calls);
      calls += 1;
      return [{ type: 'tool-call', id: own, name, json: JSON.stringify(args ?? {}), ...signature }];
    }
    if (typeof text !== 'string') return [];
    if (thought === true) return [{ type: 'reasoning', text, ...signature }];
    return text === '' ? [] : [{ type: 'text', text }];
  });
  return {
    id: stringOf(body['responseId']),
    model: stringOf(body['modelVersion']),
    content,
    finishReason: readFinishReason(body),
    usage: decodeUsage(body['usageMetadata']),
  };
}

export function readFinishReason(body: JsonObject): FinishReason | undefined {
  const candidate = firstCandidate(body);
  if (candidate === undefined) return blockReason(body) === undefined ? undefined : 'content_filter';
  const calledTools = partsOf(candidate).some((part) => isObject(objectOf(part)['functionCall']));
  return decodeFinishReason(candidate['finishReason'], calledTools);
}

export function blockReason(body: JsonObject): string | undefined {
  return stringOf(objectOf(body['promptFeedback'])['blockReason']);
}

export function firstCandidate(body: JsonObject): JsonObject | undefined {
  const candidate = listOf(body['candidates'])[0];
  return isObject(candidate) ? candidate : undefined;
}

export function partsOf(candidate: JsonObject | undefined): readonly JsonValue[] {
  return listOf(objectOf(candidate?.['content'])['parts']);
}
