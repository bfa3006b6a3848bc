import type { JsonObject } from '@x/core';
import type { TranslationNotes } from '../../../hub/notes.ts';
import type { AssistantPart, TextPart, ToolResult, UserPart } from '../../../hub/request.ts';
import { isSealed } from '../../../hub/sealed-thought.ts';
import { argumentsObject } from '../../../hub/tool-arguments.ts';
import { safeToolId } from './tools.ts';

/** Blocks of text; Anthropic refuses those that are empty or hold nothing but white space. */
export function encodeText(parts: readonly TextPart[]): JsonObject[] {
  return parts.flatMap((part) => (part.text.trim() === '' ? [] : [withCache({ type: 'text', text: part.text }, part)]));
}

export function encodeUserPart(part: UserPart): JsonObject[] {
  switch (part.type) {
    case 'text':
      return encodeText([part]);
    case 'image': {
      const { source } = part;
      return [withCache({ type: 'image', source: imageSource(source) }, part)];
    }
    case 'file': {
      const source = { type: 'base64', media_type: part.mediaType, data: part.data };
      return [withCache({ type: 'document', source, ...(part.name !== undefined && { title: part.name }) }, part)];
    }
  }
}

function imageSource(source: Extract<UserPart, { type: 'image' }>['source']): JsonObject {
  if (source.kind === 'url') return { type: 'url', url: source.url };
  return { type: 'base64', media_type: source.mediaType, data: source.data };
}

export function encodeToolResult(result: ToolResult): JsonObject {
  const [only, ...others] = result.content;
  const content =
    only?.type === 'text' && others.length === 0 && only.cache === undefined
      ? only.text
      : result.content.flatMap(encodeUserPart);
  return withCache(
    {
      type: 'tool_result',
      tool_use_id: safeToolId(result.id),
      ...(content.length > 0 && { content }),
      ...(result.isError && { is_error: true }),
    },
    result,
  );
}

/** Thoughts go back unchanged or not at all: without its signature a block is refused. */
export function encodeAssistantPart(part: AssistantPart, notes: TranslationNotes): JsonObject[] {
  switch (part.type) {
    case 'text':
      return encodeText([part]);
    case 'refusal':
      return encodeText([{ type: 'text', text: part.text }]);
    case 'reasoning':
      if (part.signature !== undefined && !isSealed(part.signature))
        return [{ type: 'thinking', thinking: part.text, signature: part.signature }];
      notes.drop('messages[].reasoning_content');
      return [];
    case 'redacted-reasoning':
      return [{ type: 'redacted_thinking', data: part.data }];
    case 'tool-call': {
      const { id, name, json } = part;
      return [withCache({ type: 'tool_use', id: safeToolId(id), name, input: argumentsObject(json) }, part)];
    }
  }
}

function withCache(block: JsonObject, { cache }: { readonly cache?: JsonObject | undefined }): JsonObject {
  return cache === undefined ? block : { ...block, cache_control: cache };
}
