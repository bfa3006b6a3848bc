import type { JsonObject, JsonValue } from '@x/core';
import { formatDataUrl } from '../../../hub/data-url.ts';
import type { TranslationNotes } from '../../../hub/notes.ts';
import type { AssistantPart, ChatMessage, ChatRequest, ToolResult, UserPart } from '../../../hub/request.ts';
import { toolRun } from '../../../hub/tool-run.ts';
import { invalidField, unsupportedField } from '../../../json/expect.ts';

/** What holds for all messages of one request. */
export interface MessageScope {
  /** Whether the model takes thoughts back. */
  readonly thinks: boolean;
  readonly notes: TranslationNotes;
}

/** Messages without content are refused, and say nothing that could be missed. */
export function encodeMessages({ system, messages }: ChatRequest, scope: MessageScope): JsonObject[] {
  const encoded: JsonObject[] = [];
  const instructions = encodeContent(system);
  if (instructions !== undefined) encoded.push({ role: 'system', content: instructions });
  const before = encoded.length;
  for (let at = 0; at < messages.length; at += 1) {
    const message = messages[at] as ChatMessage;
    if (message.role !== 'tool') encoded.push(...encodeMessage(message, scope));
    else at = encodeToolResults(messages, at, encoded, scope) - 1;
  }
  if (encoded.length === before) throw invalidField('messages', 'must hold at least one message that is not empty');
  return encoded;
}

function encodeMessage(message: Exclude<ChatMessage, ToolResult>, scope: MessageScope): JsonObject[] {
  switch (message.role) {
    case 'system':
    case 'user':
      return withContent(message.role, encodeContent(message.content));
    case 'assistant':
      return encodeAssistant(message.content, scope);
  }
}

function withContent(role: string, content: JsonValue | undefined): JsonObject[] {
  return content === undefined ? [] : [{ role, content }];
}

/** Results hold text alone, so what else a tool returned follows them in one user message. Returns where they end. */
function encodeToolResults(
  messages: readonly ChatMessage[],
  start: number,
  encoded: JsonObject[],
  { notes }: MessageScope,
): number {
  const { results, rest, end } = toolRun(messages, start);
  for (const { result, text } of results) {
    encoded.push({ role: 'tool', tool_call_id: result.id, content: text.map((part) => part.text).join('\n') });
    if (result.isError) notes.drop('tool_result.is_error');
  }
  encoded.push(...withContent('user', encodeContent(rest)));
  return end;
}

/** Beside calls of tools there is no content: what the model says to them is its plan. */
function encodeAssistant(content: readonly AssistantPart[], { thinks, notes }: MessageScope): JsonObject[] {
  const blocks: JsonObject[] = [];
  const calls: JsonObject[] = [];
  let text = '';
  for (const part of content) {
    switch (part.type) {
      case 'text':
      case 'refusal':
        if (part.text.trim() === '') break;
        text += part.text;
        blocks.push({ type: 'text', text: part.text });
        break;
      case 'reasoning':
        // One that is signed is another provider's.
        if (thinks && part.signature === undefined) blocks.push({ type: 'thinking', thinking: part.text });
        else notes.drop('messages[].reasoning_content');
        break;
      case 'redacted-reasoning':
        notes.drop('messages[].reasoning_content');
        break;
      case 'tool-call':
        calls.push({ id: part.id, type: 'function', function: { name: part.name, arguments: part.json || '{}' } });
    }
  }
  if (calls.length > 0) {
    const thoughts = blocks.filter(({ type }) => type === 'thinking');
    return [
      {
        role: 'assistant',
        ...(thoughts.length > 0 && { content: thoughts }),
        ...(text !== '' && { tool_plan: text }),
        tool_calls: calls,
      },
    ];
  }
  const [only, ...others] = blocks;
  if (only === undefined) return [];
  return [{ role: 'assistant', content: others.length === 0 && only['type'] === 'text' ? text : blocks }];
}

/** One text as a string, as people write it. */
function encodeContent(parts: readonly UserPart[]): JsonValue | undefined {
  const blocks = parts.flatMap(encodePart);
  const [only, ...others] = blocks;
  if (only === undefined) return undefined;
  return others.length === 0 && only['type'] === 'text' ? only['text'] : blocks;
}

function encodePart(part: UserPart): JsonObject[] {
  switch (part.type) {
    case 'text':
      return part.text.trim() === '' ? [] : [{ type: 'text', text: part.text }];
    case 'image': {
      const url = part.source.kind === 'url' ? part.source.url : formatDataUrl(part.source);
      return [{ type: 'image_url', image_url: { url } }];
    }
    case 'file':
      throw unsupportedField('messages', 'it takes no files');
  }
}
