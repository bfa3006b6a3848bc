import type { JsonObject, JsonValue } from '@x/core';
import { hasCacheHints } from '../../../hub/cache-hints.ts';
import { formatDataUrl } from '../../../hub/data-url.ts';
import type { TranslationNotes } from '../../../hub/notes.ts';
import type { AssistantPart, ChatMessage, ChatRequest, UserPart } from '../../../hub/request.ts';
import { openThought } from '../../../hub/sealed-thought.ts';

export function encodeInput(request: ChatRequest, notes: TranslationNotes): JsonObject[] {
  // Several blocks of instructions stay several.
  const system = request.system.length > 1 ? [{ role: 'system', content: request.system.map(encodePart) }] : [];
  if (hasCacheHints(request)) notes.drop('cache_control');
  return [...system, ...request.messages.flatMap((message) => encodeMessage(message, notes))];
}

function encodeMessage(message: ChatMessage, notes: TranslationNotes): JsonObject[] {
  switch (message.role) {
    case 'system':
    case 'user':
      return [{ role: message.role, content: encodeContent(message.content) }];
    case 'tool':
      if (message.isError) notes.drop('tool_result.is_error');
      return [{ type: 'function_call_output', call_id: message.id, output: encodeContent(message.content) }];
    case 'assistant':
      return encodeAssistant(message.content, notes);
  }
}

/** Items in their order; what was said in one go is one message. */
function encodeAssistant(content: readonly AssistantPart[], notes: TranslationNotes): JsonObject[] {
  const items: JsonObject[] = [];
  let said: JsonObject[] | undefined;
  for (const part of content) {
    if (part.type === 'text' || part.type === 'refusal') {
      if (said === undefined) items.push({ type: 'message', role: 'assistant', content: (said = []) });
      said.push(
        part.type === 'text'
          ? { type: 'output_text', text: part.text, annotations: [] }
          : { type: 'refusal', refusal: part.text },
      );
      continue;
    }
    said = undefined;
    const item = encodeOwn(part);
    if (item === undefined) notes.drop('thinking');
    else items.push(item);
  }
  return items;
}

/** Thoughts go back to those who sealed them, or not at all. */
function encodeOwn(part: Exclude<AssistantPart, { readonly type: 'text' | 'refusal' }>): JsonObject | undefined {
  if (part.type === 'tool-call') {
    const { id, name, json } = part;
    return { type: 'function_call', call_id: id, name, arguments: json || '{}' };
  }
  const thought = part.type === 'reasoning' && part.signature !== undefined ? openThought(part.signature) : undefined;
  if (part.type !== 'reasoning' || thought === undefined) return undefined;
  const { id, content } = thought;
  const summary = part.text === '' ? [] : [{ type: 'summary_text', text: part.text }];
  return { type: 'reasoning', ...(id !== '' && { id }), summary, encrypted_content: content };
}

/** One part of text as a string, which every host takes. */
function encodeContent(parts: readonly UserPart[]): JsonValue {
  const first = parts[0];
  if (first === undefined) return '';
  return parts.length === 1 && first.type === 'text' ? first.text : parts.map(encodePart);
}

function encodePart(part: UserPart): JsonObject {
  switch (part.type) {
    case 'text':
      return { type: 'input_text', text: part.text };
    case 'image': {
      const url = part.source.kind === 'url' ? part.source.url : formatDataUrl(part.source);
      return { type: 'input_image', image_url: url, detail: 'auto' };
    }
    case 'file':
      return { type: 'input_file', filename: part.name ?? 'document', file_data: formatDataUrl(part) };
  }
}
