import { createHash } from 'node:crypto';
import type { JsonObject } from '@x/core';
import type { TranslationNotes } from '../../../hub/notes.ts';
import type { AssistantPart, CacheHint, TextPart, ToolResult, UserPart } from '../../../hub/request.ts';
import { isSealed } from '../../../hub/sealed-thought.ts';
import { invalidField, unsupportedField } from '../../../json/expect.ts';
import { safeToolId } from '../../anthropic-messages/request/tools.ts';
import { encodeBlock } from '../answer/encode-answer.ts';
import { documentFormat, documentName, imageFormat } from './media.ts';

/** What holds for all blocks of one request. */
export interface BlockScope {
  readonly notes: TranslationNotes;
  /** Whether the model takes cache points. */
  readonly hints: boolean;
  /** Names of documents, which must differ. */
  readonly names: Set<string>;
}

/** A block of its own behind what it belongs to; none where there is no hint. */
export function cachePoint(cache: CacheHint | undefined): JsonObject[] {
  if (cache === undefined) return [];
  const { ttl } = cache;
  return [{ cachePoint: { type: 'default', ...(ttl === '5m' || ttl === '1h' ? { ttl } : undefined) } }];
}

function hinted(
  blocks: JsonObject[],
  { cache }: { readonly cache?: CacheHint | undefined },
  scope: BlockScope,
): JsonObject[] {
  if (cache === undefined || blocks.length === 0) return blocks;
  if (scope.hints) return [...blocks, ...cachePoint(cache)];
  scope.notes.drop('cache_control');
  return blocks;
}

/** Empty blocks of text are refused, and those of white space alone. */
export function encodeText(part: TextPart, scope: BlockScope): JsonObject[] {
  return part.text.trim() === '' ? [] : hinted([{ text: part.text }], part, scope);
}

export function encodeUserPart(part: UserPart, scope: BlockScope): JsonObject[] {
  switch (part.type) {
    case 'text':
      return encodeText(part, scope);
    case 'image': {
      const { source } = part;
      if (source.kind === 'url') throw unsupportedField('messages', 'an image must be sent as data, not as a URL');
      const format = imageFormat(source.mediaType);
      if (format === undefined)
        throw invalidField('messages', `has an image of type ${source.mediaType}: png, jpeg, gif and webp are taken`);
      return hinted([{ image: { format, source: { bytes: source.data } } }], part, scope);
    }
    case 'file': {
      const format = documentFormat(part.mediaType);
      if (format === undefined) throw unsupportedField('messages', `documents of type ${part.mediaType.slice(0, 100)}`);
      const document = { format, name: documentName(part.name, scope.names), source: { bytes: part.data } };
      return hinted([{ document }], part, scope);
    }
  }
}

export function encodeToolResult(result: ToolResult, scope: BlockScope): JsonObject[] {
  const toolResult = {
    toolUseId: toolUseId(result.id),
    content: result.content.flatMap((part) => encodeUserPart({ ...part, cache: undefined }, scope)),
    ...(result.isError && { status: 'error' }),
  };
  return hinted([{ toolResult }], result, scope);
}

/** Thoughts go back unchanged or not at all: without its signature a block is refused. */
export function encodeAssistantPart(part: AssistantPart, scope: BlockScope): JsonObject[] {
  switch (part.type) {
    case 'text':
      return encodeText(part, scope);
    case 'refusal':
      return encodeText({ type: 'text', text: part.text }, scope);
    case 'reasoning':
      if (part.signature !== undefined && !isSealed(part.signature)) return [encodeBlock(part)];
      scope.notes.drop('messages[].reasoning_content');
      return [];
    case 'redacted-reasoning':
      return [encodeBlock(part)];
    case 'tool-call':
      return hinted([encodeBlock({ ...part, id: toolUseId(part.id) })], part, scope);
  }
}

/** Letters, digits, `_` and `-`, 64 at most. The same id always becomes the same one, so calls and results still meet. */
const LONGEST_ID = 64;

function toolUseId(id: string): string {
  const safe = safeToolId(id);
  return safe.length <= LONGEST_ID ? safe : createHash('sha256').update(id).digest('hex');
}
