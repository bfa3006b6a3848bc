import type { JsonObject, JsonValue } from '@x/core';
import { parseDataUrl } from '../../../hub/data-url.ts';
import type { CacheHint, FilePart, ImagePart, TextPart, UserPart } from '../../../hub/request.ts';
import { expectObject, expectString, invalidField, optionalString, unsupportedField } from '../../../json/expect.ts';
import { isObject } from '../../../json/read.ts';

/** `cache_control` on a part is no OpenAI field, but what hosts of Anthropic models behind this dialect take. */
export function cacheOf(part: JsonObject): { cache: CacheHint } | undefined {
  return isObject(part['cache_control']) ? { cache: part['cache_control'] } : undefined;
}

/** Content that may hold text only: of system, tool and assistant messages. */
export function decodeTextContent(content: JsonValue | undefined, path: string): TextPart[] {
  return decodeContent(content, path).map((part, index) => onlyText(part, `${path}[${index}]`));
}

export function onlyText(part: UserPart, path: string): TextPart {
  if (part.type === 'text') return part;
  throw unsupportedField(path, `a part of type "${part.type}" has no place here`);
}

export function decodeContent(content: JsonValue | undefined, path: string): UserPart[] {
  if (content === undefined || content === null) return [];
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  if (!Array.isArray(content)) throw invalidField(path, 'must be a string or a list of parts');
  return (content as readonly JsonValue[]).map((part, index) =>
    decodePart(expectObject(part, `${path}[${index}]`), `${path}[${index}]`),
  );
}

export function decodePart(part: JsonObject, path: string): UserPart {
  switch (part['type']) {
    case 'text':
      return { type: 'text', text: expectString(part['text'], `${path}.text`), ...cacheOf(part) };
    case 'image_url':
      return decodeImage(part, path);
    case 'file':
      return decodeFile(part, path);
    case 'input_audio':
      throw unsupportedField(path, 'audio input');
    default:
      throw invalidField(`${path}.type`, 'must be "text", "image_url", "input_audio" or "file"');
  }
}

function decodeImage(part: JsonObject, path: string): ImagePart {
  const field = `${path}.image_url.url`;
  const url = expectString(expectObject(part['image_url'], `${path}.image_url`)['url'], field);
  const inline = parseDataUrl(url);
  if (inline) return { type: 'image', source: { kind: 'base64', ...inline }, ...cacheOf(part) };
  if (!/^https?:\/\//i.test(url)) throw invalidField(field, 'must be an http(s) URL or a base64 data: URL');
  return { type: 'image', source: { kind: 'url', url }, ...cacheOf(part) };
}

function decodeFile(part: JsonObject, path: string): FilePart {
  const file = expectObject(part['file'], `${path}.file`);
  if (file['file_data'] === undefined)
    throw unsupportedField(`${path}.file.file_id`, 'files stored at another provider');
  const inline = parseDataUrl(expectString(file['file_data'], `${path}.file.file_data`));
  if (!inline) throw invalidField(`${path}.file.file_data`, 'must be a base64 data: URL');
  const name = optionalString(file['filename'], `${path}.file.filename`);
  return { type: 'file', ...inline, ...(name === undefined ? undefined : { name }), ...cacheOf(part) };
}
