import type { JsonObject, JsonValue } from '@x/core';
import type { TranslationNotes } from '../../../hub/notes.ts';
import type {
  AssistantPart,
  ChatMessage,
  ReasoningPart,
  RedactedReasoningPart,
  TextPart,
} from '../../../hub/request.ts';
import {
  expectList,
  expectObject,
  expectString,
  invalidField,
  optionalList,
  unsupportedField,
} from '../../../json/expect.ts';
import { isObject, listOf, stringOf } from '../../../json/read.ts';
import { signatureOf } from '../thought-signature.ts';
import { cacheOf, decodeContent, decodePart, decodeTextContent, onlyText } from './decode-parts.ts';

export interface Conversation {
  readonly system: readonly TextPart[];
  readonly messages: readonly ChatMessage[];
}

/** Leading system and developer messages are instructions; later ones keep their place. */
export function decodeMessages(value: JsonValue | undefined, notes: TranslationNotes): Conversation {
  const system: TextPart[] = [];
  const messages: ChatMessage[] = [];
  expectList(value, 'messages').forEach((entry, index) => {
    const path = `messages[${index}]`;
    const message = decodeMessage(expectObject(entry, path), path);
    if (isObject(entry) && typeof entry['name'] === 'string') notes.drop('messages[].name');
    if (message.role === 'system' && messages.length === 0) system.push(...message.content);
    else messages.push(message);
  });
  return { system, messages };
}

function decodeMessage(message: JsonObject, path: string): ChatMessage {
  const { role, content } = message;
  switch (role) {
    case 'system':
    case 'developer':
      return { role: 'system', content: decodeTextContent(content, `${path}.content`) };
    case 'user':
      return { role, content: decodeContent(content, `${path}.content`) };
    case 'assistant':
      return { role, content: decodeAssistant(message, path) };
    case 'tool':
      return {
        role,
        id: expectString(message['tool_call_id'], `${path}.tool_call_id`),
        content: decodeContent(content, `${path}.content`),
        isError: false,
        ...cacheOf(message),
      };
    case 'function':
      throw unsupportedField(`${path}.role`, 'use a "tool" message instead of "function"');
    default:
      throw invalidField(`${path}.role`, 'must be "system", "developer", "user", "assistant" or "tool"');
  }
}

function decodeAssistant(message: JsonObject, path: string): AssistantPart[] {
  if (isObject(message['function_call'])) {
    throw unsupportedField(`${path}.function_call`, 'use tool_calls instead');
  }
  if (isObject(message['audio'])) throw unsupportedField(`${path}.audio`, 'audio');
  const refusal = stringOf(message['refusal']);
  return [
    ...decodeReasoning(message),
    ...decodeAssistantContent(message['content'], `${path}.content`),
    ...(refusal ? [{ type: 'refusal' as const, text: refusal }] : []),
    ...optionalList(message['tool_calls'], `${path}.tool_calls`).map((call, index) =>
      decodeToolCall(call, `${path}.tool_calls[${index}]`),
    ),
  ];
}

function decodeAssistantContent(content: JsonValue | undefined, path: string): AssistantPart[] {
  if (!Array.isArray(content)) return decodeTextContent(content, path);
  return (content as readonly JsonValue[]).map((value, index): AssistantPart => {
    const at = `${path}[${index}]`;
    const part = expectObject(value, at);
    if (part['type'] === 'refusal') return { type: 'refusal', text: expectString(part['refusal'], `${at}.refusal`) };
    return onlyText(decodePart(part, at), at);
  });
}

function decodeToolCall(value: JsonValue, path: string): AssistantPart {
  const call = expectObject(value, path);
  if (call['type'] !== undefined && call['type'] !== 'function') {
    throw unsupportedField(`${path}.type`, 'only calls of functions');
  }
  const fn = expectObject(call['function'], `${path}.function`);
  return {
    type: 'tool-call',
    id: expectString(call['id'], `${path}.id`),
    name: expectString(fn['name'], `${path}.function.name`),
    json: stringOf(fn['arguments']) ?? '',
    ...signatureOf(call),
    ...cacheOf(call),
  };
}

/**
 * Thoughts as hosts of this dialect write them: `reasoning_details` (OpenRouter), which has room for the signature, or the plain
 * text in `reasoning_content` (DeepSeek and many) or `reasoning` (vLLM, Groq).
 */
export function decodeReasoning(message: JsonObject): (ReasoningPart | RedactedReasoningPart)[] {
  const details = listOf(message['reasoning_details']).flatMap(decodeReasoningDetail);
  if (details.length > 0) return details;
  const text = stringOf(message['reasoning_content']) ?? stringOf(message['reasoning']);
  return text ? [{ type: 'reasoning', text }] : [];
}

function decodeReasoningDetail(detail: JsonValue): (ReasoningPart | RedactedReasoningPart)[] {
  if (!isObject(detail)) return [];
  const { type, text, signature, data } = detail;
  if (type === 'reasoning.encrypted' && typeof data === 'string') return [{ type: 'redacted-reasoning', data }];
  if (type !== 'reasoning.text') return [];
  return [
    {
      type: 'reasoning',
      text: stringOf(text) ?? '',
      ...(typeof signature === 'string' && signature !== '' && { signature }),
    },
  ];
}
