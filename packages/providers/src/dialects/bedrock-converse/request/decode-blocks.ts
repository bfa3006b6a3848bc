import type { JsonObject, JsonValue } from '@x/core';
import type { AssistantPart, CacheHint, FilePart, ImagePart, TextPart, UserPart } from '../../../hub/request.ts';
import { expectList, expectObject, expectString, invalidField, unsupportedField } from '../../../json/expect.ts';
import { isObject, listOf, objectOf, stringOf } from '../../../json/read.ts';
import { decodeReasoning } from '../answer/decode-answer.ts';
import { documentType, imageType } from './media.ts';

interface Hinted {
  readonly cache?: CacheHint | undefined;
}

/** Reads a list of blocks. A cache point is a block of its own here, and belongs to the part before it elsewhere. */
export function decodeBlocks<Part extends object>(
  value: JsonValue | undefined,
  path: string,
  decode: (block: JsonObject, path: string) => readonly Part[],
): (Part & Hinted)[] {
  const parts: (Part & Hinted)[] = [];
  expectList(value, path).forEach((entry, index) => {
    const at = `${path}[${index}]`;
    const block = expectObject(entry, at);
    const hint = cacheOf(block);
    const last = parts.at(-1);
    if (hint === undefined) parts.push(...decode(block, at));
    else if (last !== undefined) parts[parts.length - 1] = { ...last, cache: hint };
  });
  return parts;
}

/** The hint in the form that other dialects have. */
function cacheOf({ cachePoint }: JsonObject): CacheHint | undefined {
  if (!isObject(cachePoint)) return undefined;
  const ttl = stringOf(cachePoint['ttl']);
  return { type: 'ephemeral', ...(ttl !== undefined && { ttl }) };
}

export function decodeText(block: JsonObject, path: string): TextPart[] {
  if (block['text'] === undefined) throw unsupportedField(path, 'only blocks of text');
  const text = expectString(block['text'], `${path}.text`);
  return text === '' ? [] : [{ type: 'text', text }];
}

export function decodeUserBlock(block: JsonObject, path: string): UserPart[] {
  const { text, image, document, json } = block;
  if (text !== undefined) return decodeText(block, path);
  if (image !== undefined) return [decodeImage(expectObject(image, `${path}.image`), `${path}.image`)];
  if (document !== undefined) return [decodeDocument(expectObject(document, `${path}.document`), `${path}.document`)];
  if (json !== undefined) return [{ type: 'text', text: JSON.stringify(json) }];
  throw unknownBlock(block, path);
}

export function decodeAssistantBlock(block: JsonObject, path: string): AssistantPart[] {
  const { text, toolUse, reasoningContent, citationsContent } = block;
  if (text !== undefined) return decodeText(block, path);
  if (toolUse !== undefined) {
    const at = `${path}.toolUse`;
    const { toolUseId, name, input } = expectObject(toolUse, at);
    const id = expectString(toolUseId, `${at}.toolUseId`);
    return [{ type: 'tool-call', id, name: expectString(name, `${at}.name`), json: JSON.stringify(input ?? {}) }];
  }
  if (reasoningContent !== undefined) {
    const parts = decodeReasoning(expectObject(reasoningContent, `${path}.reasoningContent`));
    if (parts.length === 0)
      throw invalidField(`${path}.reasoningContent`, 'must hold reasoningText or redactedContent');
    return parts;
  }
  if (isObject(citationsContent)) {
    const cited = listOf(citationsContent['content'])
      .map((each) => stringOf(objectOf(each)['text']) ?? '')
      .join('');
    return cited === '' ? [] : [{ type: 'text', text: cited }];
  }
  throw unknownBlock(block, path);
}

/** The name of a block's only member is its type. */
function unknownBlock(block: JsonObject, path: string): Error {
  const [type] = Object.keys(block);
  if (type === undefined) return invalidField(path, 'must hold a block such as text, image or document');
  return unsupportedField(`${path}.${type.slice(0, 64)}`, 'it has no equivalent there');
}

function decodeImage(image: JsonObject, path: string): ImagePart {
  const format = expectString(image['format'], `${path}.format`);
  const mediaType = imageType(format);
  if (mediaType === undefined) throw invalidField(`${path}.format`, 'must be "png", "jpeg", "gif" or "webp"');
  return { type: 'image', source: { kind: 'base64', mediaType, data: bytesOf(image, path) } };
}

function decodeDocument(document: JsonObject, path: string): FilePart | TextPart {
  const name = stringOf(document['name']);
  const { text } = expectObject(document['source'], `${path}.source`);
  if (typeof text === 'string') return { type: 'text', text };
  const format = expectString(document['format'], `${path}.format`);
  const mediaType = documentType(format);
  if (mediaType === undefined) throw invalidField(`${path}.format`, 'must be the format of a document, such as "pdf"');
  return { type: 'file', mediaType, data: bytesOf(document, path), ...(name !== undefined && { name }) };
}

/** Base64, as JSON carries it. */
function bytesOf({ source }: JsonObject, path: string): string {
  const from = expectObject(source, `${path}.source`);
  if (from['bytes'] === undefined) throw unsupportedField(`${path}.source`, 'only bytes, not what is stored at AWS');
  return expectString(from['bytes'], `${path}.source.bytes`);
}
