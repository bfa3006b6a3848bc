import type { JsonObject, JsonValue } from '@x/core';
import { hasCacheHints } from '../../../hub/cache-hints.ts';
import { formatDataUrl } from '../../../hub/data-url.ts';
import type { TranslationNotes } from '../../../hub/notes.ts';
import type { AssistantPart, ChatMessage, ChatRequest, TextPart, ToolResult, UserPart } from '../../../hub/request.ts';
import { toolRun } from '../../../hub/tool-run.ts';

export function encodeMessages(request: ChatRequest, notes: TranslationNotes): JsonObject[] {
  const encoded: JsonObject[] = [];
  if (request.system.length > 0) encoded.push({ role: 'system', content: encodeText(request.system) });
  const { messages } = request;
  for (let at = 0; at < messages.length; at += 1) {
    const message = messages[at] as ChatMessage;
    if (message.role !== 'tool') encoded.push(encodeMessage(message, notes));
    else at = encodeToolResults(messages, at, encoded, notes) - 1;
  }
  // These hosts cache by themselves: hints are no loss, and an error at some.
  if (hasCacheHints(request)) notes.drop('cache_control');
  return encoded;
}

function encodeMessage(message: Exclude<ChatMessage, ToolResult>, notes: TranslationNotes): JsonObject {
  switch (message.role) {
    case 'system':
      return { role: 'system', content: encodeText(message.content) };
    case 'user':
      return { role: 'user', content: encodeUserContent(message.content) };
    case 'assistant':
      return encodeAssistant(message.content, notes);
  }
}

/** Tool messages hold text alone here, so what else a tool returned follows them in one user message. Returns where they end. */
function encodeToolResults(
  messages: readonly ChatMessage[],
  start: number,
  encoded: JsonObject[],
  notes: TranslationNotes,
): number {
  const { results, rest, end } = toolRun(messages, start);
  for (const { result, text } of results) {
    encoded.push({ role: 'tool', tool_call_id: result.id, content: encodeText(text) });
    if (result.isError) notes.drop('tool_result.is_error');
  }
  if (rest.length > 0) encoded.push({ role: 'user', content: encodeUserContent(rest) });
  return end;
}

function encodeAssistant(content: readonly AssistantPart[], notes: TranslationNotes): JsonObject {
  const text = content.filter((part) => part.type === 'text');
  const calls = content.filter((part) => part.type === 'tool-call');
  const refusal = content.find((part) => part.type === 'refusal')?.text;
  if (content.some((part) => part.type === 'reasoning' || part.type === 'redacted-reasoning')) notes.drop('thinking');
  return {
    role: 'assistant',
    content: text.length === 0 ? (calls.length > 0 || refusal !== undefined ? null : '') : encodeText(text),
    ...(refusal === undefined ? undefined : { refusal }),
    ...(calls.length > 0 && {
      tool_calls: calls.map(({ id, name, json }) => ({
        id,
        type: 'function',
        function: { name, arguments: json || '{}' },
      })),
    }),
  };
}

/** One part as a string, which every host takes; several as a list. */
function encodeText(parts: readonly TextPart[]): JsonValue {
  if (parts.length <= 1) return parts[0]?.text ?? '';
  return parts.map(({ text }) => ({ type: 'text', text }));
}

function encodeUserContent(parts: readonly UserPart[]): JsonValue {
  const first = parts[0];
  if (first === undefined) return '';
  return parts.length === 1 && first.type === 'text' ? first.text : parts.map(encodePart);
}

function encodePart(part: UserPart): JsonObject {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text };
    case 'image': {
      const url = part.source.kind === 'url' ? part.source.url : formatDataUrl(part.source);
      return { type: 'image_url', image_url: { url } };
    }
    case 'file':
      return { type: 'file', file: { filename: part.name ?? 'document', file_data: formatDataUrl(part) } };
  }
}
