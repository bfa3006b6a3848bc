import type { JsonObject, JsonValue } from '@x/core';
import { parseDataUrl } from '../../../hub/data-url.ts';
import type { FilePart, ImagePart, RefusalPart, TextPart, UserPart } from '../../../hub/request.ts';
import { expectObject, expectString, invalidField, optionalString, unsupportedField } from '../../../json/expect.ts';
import { onlyText } from '../../openai-chat/request/decode-parts.ts';

/** Text, or a list of parts. */
export function decodeContent(content: JsonValue | undefined, path: string): UserPart[] {
  return partsOf(content, path).map(([part, at]) => decodePart(part, at));
}

export function decodeTextContent(content: JsonValue | undefined, path: string): TextPart[] {
  return partsOf(content, path).map(([part, at]) => onlyText(decodePart(part, at), at));
}

export function decodeSaid(content: JsonValue | undefined, path: string): (TextPart | RefusalPart)[] {
  return partsOf(content, path).map(([part, at]) =>
    part['type'] === 'refusal'
      ? { type: 'refusal', text: expectString(part['refusal'], `${at}.refusal`) }
      : onlyText(decodePart(part, at), at),
  );
}

function partsOf(content: JsonValue | undefined, path: string): (readonly [part: JsonObject, path: string])[] {
  if (content === undefined || content === null || content === '') return [];
  if (typeof content === 'string') return [[{ type: 'input_text', text: content }, path]];
  if (!Array.isArray(content)) throw invalidField(path, 'must be a string or a list of parts');
  return (content as readonly JsonValue[]).map((part, index) => {
    const at = `${path}[${index}]`;
    return [expectObject(part, at), at];
  });
}

function decodePart(part: JsonObject, path: string): UserPart {
  switch (part['type']) {
    case 'input_text':
    case 'output_text':
      return { type: 'text', text: expectString(part['text'], `${path}.text`) };
    case 'input_image':
      return decodeImage(part, path);
    case 'input_file':
      return decodeFile(part, path);
    case 'input_audio':
      throw unsupportedField(path, 'audio input');
    default:
      throw invalidField(`${path}.type`, 'must be "input_text", "output_text", "input_image" or "input_file"');
  }
}

function decodeImage(part: JsonObject, path: string): ImagePart {
  const field = `${path}.image_url`;
  if (typeof part['file_id'] === 'string')
    throw unsupportedField(`${path}.file_id`, 'files stored at another provider');
  const url = expectString(part['image_url'], field);
  const inline = parseDataUrl(url);
  if (inline) return { type: 'image', source: { kind: 'base64', ...inline } };
  if (!/^https?:\/\//i.test(url)) throw invalidField(field, 'must be an http(s) URL or a base64 data: URL');
  return { type: 'image', source: { kind: 'url', url } };
}

function decodeFile(part: JsonObject, path: string): FilePart {
  if (typeof part['file_id'] === 'string')
    throw unsupportedField(`${path}.file_id`, 'files stored at another provider');
  if (typeof part['file_url'] === 'string') throw unsupportedField(`${path}.file_url`, 'a file must be sent as data');
  const inline = parseDataUrl(expectString(part['file_data'], `${path}.file_data`));
  if (!inline) throw invalidField(`${path}.file_data`, 'must be a base64 data: URL');
  const name = optionalString(part['filename'], `${path}.filename`);
  return { type: 'file', ...inline, ...(name === undefined ? undefined : { name }) };
}
