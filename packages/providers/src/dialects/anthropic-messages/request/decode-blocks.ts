import type { JsonObject, JsonValue } from '@x/core';
import type { AssistantPart, CacheHint, FilePart, ImagePart, TextPart, UserPart } from '../../../hub/request.ts';
import { expectObject, expectString, invalidField, optionalString, unsupportedField } from '../../../json/expect.ts';
import { isObject, stringOf } from '../../../json/read.ts';

export function cacheOf(block: JsonObject): { cache: CacheHint } | undefined {
  return isObject(block['cache_control']) ? { cache: block['cache_control'] } : undefined;
}

/** A string or a list of text blocks, as `system` is. */
export function decodeText(value: JsonValue | undefined, path: string): TextPart[] {
  return blocksOf(value, path).map((block, index) => {
    const at = `${path}[${index}]`;
    if (block['type'] !== 'text') throw unsupportedField(`${at}.type`, 'only text blocks');
    return decodeTextBlock(block, at);
  });
}

/** The blocks of a content; a string is one text block. */
export function blocksOf(value: JsonValue | undefined, path: string): JsonObject[] {
  if (value === undefined || value === null || value === '') return [];
  if (typeof value === 'string') return [{ type: 'text', text: value }];
  if (!Array.isArray(value)) throw invalidField(path, 'must be a string or a list of blocks');
  return (value as readonly JsonValue[]).map((block, index) => expectObject(block, `${path}[${index}]`));
}

export function decodeUserBlock(block: JsonObject, path: string): UserPart {
  switch (block['type']) {
    case 'text':
      return decodeTextBlock(block, path);
    case 'image':
      return decodeImage(block, path);
    case 'document':
      return decodeDocument(block, path);
    default:
      throw unsupportedField(
        `${path}.type`,
        `no equivalent of a block of type ${JSON.stringify(block['type'] ?? null)}`,
      );
  }
}

export function decodeAssistantBlock(block: JsonObject, path: string): AssistantPart {
  const { signature } = block;
  switch (block['type']) {
    case 'text':
      return decodeTextBlock(block, path);
    case 'thinking':
      return {
        type: 'reasoning',
        text: stringOf(block['thinking']) ?? '',
        ...(typeof signature === 'string' && signature !== '' && { signature }),
      };
    case 'redacted_thinking':
      return { type: 'redacted-reasoning', data: expectString(block['data'], `${path}.data`) };
    case 'tool_use':
      return {
        type: 'tool-call',
        id: expectString(block['id'], `${path}.id`),
        name: expectString(block['name'], `${path}.name`),
        json: JSON.stringify(block['input'] ?? {}),
        ...cacheOf(block),
      };
    default:
      throw unsupportedField(
        `${path}.type`,
        `no equivalent of a block of type ${JSON.stringify(block['type'] ?? null)}`,
      );
  }
}

function decodeTextBlock(block: JsonObject, path: string): TextPart {
  return { type: 'text', text: expectString(block['text'], `${path}.text`), ...cacheOf(block) };
}

function decodeImage(block: JsonObject, path: string): ImagePart {
  const source = expectObject(block['source'], `${path}.source`);
  const at = `${path}.source`;
  switch (source['type']) {
    case 'url':
      return {
        type: 'image',
        source: { kind: 'url', url: expectString(source['url'], `${at}.url`) },
        ...cacheOf(block),
      };
    case 'base64': {
      const mediaType = expectString(source['media_type'], `${at}.media_type`);
      return {
        type: 'image',
        source: { kind: 'base64', mediaType, data: expectString(source['data'], `${at}.data`) },
        ...cacheOf(block),
      };
    }
    default:
      throw unsupportedField(`${at}.type`, 'only images by URL or in base64');
  }
}

function decodeDocument(block: JsonObject, path: string): FilePart | TextPart {
  const source = expectObject(block['source'], `${path}.source`);
  const at = `${path}.source`;
  const name = optionalString(block['title'], `${path}.title`);
  const data = () => expectString(source['data'], `${at}.data`);
  switch (source['type']) {
    case 'base64':
      return {
        type: 'file',
        mediaType: expectString(source['media_type'], `${at}.media_type`),
        data: data(),
        ...(name === undefined ? undefined : { name }),
        ...cacheOf(block),
      };
    case 'text':
      return { type: 'text', text: data(), ...cacheOf(block) };
    default:
      throw unsupportedField(`${at}.type`, 'only documents in base64 or as text');
  }
}
