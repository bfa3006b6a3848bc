import type { JsonObject, JsonValue } from '@x/core';
import type { ReasoningPart, RedactedReasoningPart } from '../../hub/request.ts';
import { sealThought } from '../../hub/sealed-thought.ts';
import { isArray, isObject } from '../../json/read.ts';
import { redactedData, redactedSignature } from '../gemini-generate/redacted.ts';

/** Before what stands in `encrypted_content` of thoughts that are no provider's of this dialect, with their signature or without. */
const MARK = 'foreignsignature';

/** Whose thoughts they are has to be told from this member alone: some clients hand items back without their ids. */
export function foreignContent(part: ReasoningPart | RedactedReasoningPart): string {
  return part.type === 'reasoning' ? MARK + (part.signature ?? '') : redactedSignature(part.data);
}

/** The thought of a reasoning item. */
export function thoughtOf(item: JsonObject, text: string): (ReasoningPart | RedactedReasoningPart)[] {
  const { id, encrypted_content: content } = item;
  if (typeof content !== 'string' || content === '') return text === '' ? [] : [{ type: 'reasoning', text }];
  const data = redactedData(content);
  if (data !== undefined) return [{ type: 'redacted-reasoning', data }];
  const signature = content.startsWith(MARK)
    ? content.slice(MARK.length)
    : sealThought({ id: typeof id === 'string' ? id : '', content });
  return signature === '' ? [{ type: 'reasoning', text }] : [{ type: 'reasoning', text, signature }];
}

/**
 * The input of a request that passes through, without what came from providers of other dialects earlier in the conversation: OpenAI
 * refuses thoughts that it did not encrypt, and members that it does not know. Undefined where there is nothing of the kind.
 */
export function nativeInput(input: JsonValue | undefined): readonly JsonValue[] | undefined {
  if (!isArray(input) || !input.some(isForeign)) return undefined;
  return input.flatMap((item): readonly JsonValue[] => {
    if (!isForeign(item)) return [item];
    if (item['type'] === 'reasoning') return [];
    const { extra_content: _, ...rest } = item;
    return [rest];
  });
}

function isForeign(item: JsonValue): item is JsonObject {
  if (!isObject(item)) return false;
  const { type, encrypted_content: content, extra_content: extra } = item;
  if (type === 'function_call') return isObject(extra) && isObject(extra['google']);
  if (type !== 'reasoning' || typeof content !== 'string') return false;
  return content.startsWith(MARK) || redactedData(content) !== undefined;
}
