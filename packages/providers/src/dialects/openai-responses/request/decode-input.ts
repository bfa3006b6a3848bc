import type { JsonObject, JsonValue } from '@x/core';
import type { AssistantPart, ChatMessage, TextPart, ToolResult } from '../../../hub/request.ts';
import {
  expectList,
  expectObject,
  expectString,
  invalidField,
  optionalString,
  unsupportedField,
} from '../../../json/expect.ts';
import { listOf, objectOf, stringOf } from '../../../json/read.ts';
import { signatureOf } from '../../openai-chat/thought-signature.ts';
import { thoughtOf } from '../foreign-thought.ts';
import { decodeContent, decodeSaid, decodeTextContent } from './decode-content.ts';

export interface Conversation {
  readonly system: readonly TextPart[];
  readonly messages: readonly ChatMessage[];
}

/** Instructions and leading system and developer messages are the hub's system; what the model said in one go is one message. */
export function decodeConversation({ instructions, input }: JsonObject): Conversation {
  const told = optionalString(instructions, 'instructions');
  const system: TextPart[] = told ? [{ type: 'text', text: told }] : [];
  if (typeof input === 'string')
    return { system, messages: [{ role: 'user', content: [{ type: 'text', text: input }] }] };
  const messages: ChatMessage[] = [];
  /** What the model says, as long as nobody else does. */
  let turn: AssistantPart[] | undefined;
  expectList(input, 'input').forEach((entry, index) => {
    const path = `input[${index}]`;
    const item = expectObject(entry, path);
    const said = decodeOwn(item, path);
    if (said !== undefined) {
      if (turn === undefined) messages.push({ role: 'assistant', content: (turn = []) });
      turn.push(...said);
      return;
    }
    turn = undefined;
    const message = decodeOthers(item, path);
    if (message.role === 'system' && messages.length === 0) system.push(...message.content);
    else messages.push(message);
  });
  return { system, messages };
}

/** What the model itself put into the conversation; undefined for all the rest. */
function decodeOwn(item: JsonObject, path: string): AssistantPart[] | undefined {
  switch (item['type']) {
    case 'function_call':
      return [
        {
          type: 'tool-call',
          id: expectString(item['call_id'], `${path}.call_id`),
          name: expectString(item['name'], `${path}.name`),
          json: stringOf(item['arguments']) ?? '',
          ...signatureOf(item),
        },
      ];
    case 'reasoning':
      return thoughtOf(item, thoughtText(item));
    case 'message':
    case undefined:
      return item['role'] === 'assistant' ? decodeSaid(item['content'], `${path}.content`) : undefined;
    default:
      return undefined;
  }
}

/** The summary, which is what OpenAI shows of thoughts, or the thoughts themselves where a host shows those. */
export function thoughtText({ summary, content }: JsonObject): string {
  const texts = [summary, content].map((parts) => listOf(parts).map((part) => stringOf(objectOf(part)['text']) ?? ''));
  return (texts.find((each) => each.length > 0) ?? []).join('\n\n');
}

function decodeOthers(item: JsonObject, path: string): Exclude<ChatMessage, { readonly role: 'assistant' }> {
  switch (item['type']) {
    case 'message':
    case undefined:
      return decodeMessage(item, path);
    case 'function_call_output':
      return decodeOutput(item, path);
    case 'item_reference':
      throw unsupportedField(`${path}.id`, 'the item is stored at another provider; send it whole');
    default:
      throw unsupportedField(`${path}.type`, 'only messages, calls of functions with their outputs, and reasoning');
  }
}

function decodeMessage({ role, content }: JsonObject, path: string): Exclude<ChatMessage, { role: 'assistant' }> {
  switch (role) {
    case 'system':
    case 'developer':
      return { role: 'system', content: decodeTextContent(content, `${path}.content`) };
    case 'user':
      return { role, content: decodeContent(content, `${path}.content`) };
    default:
      throw invalidField(`${path}.role`, 'must be "user", "assistant", "system" or "developer"');
  }
}

function decodeOutput(item: JsonObject, path: string): ToolResult {
  const output: JsonValue | undefined = item['output'];
  return {
    role: 'tool',
    id: expectString(item['call_id'], `${path}.call_id`),
    content: decodeContent(output, `${path}.output`),
    isError: false,
  };
}
