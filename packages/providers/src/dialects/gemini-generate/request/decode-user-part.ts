import type { JsonObject } from '@x/core';
import type { UserPart } from '../../../hub/request.ts';
import { expectObject, expectString, invalidField, optionalString, unsupportedField } from '../../../json/expect.ts';
import { fieldOf } from '../field.ts';

/** What a user said; nothing for an empty text. */
export function decodeUserPart(part: JsonObject, path: string): UserPart[] {
  const { text } = part;
  if (text !== undefined && text !== null) {
    const said = expectString(text, `${path}.text`);
    return said === '' ? [] : [{ type: 'text', text: said }];
  }
  const inline = fieldOf(part, 'inlineData');
  if (inline !== undefined) return [decodeInline(expectObject(inline, `${path}.inlineData`), `${path}.inlineData`)];
  const file = fieldOf(part, 'fileData');
  if (file !== undefined) return [decodeFile(expectObject(file, `${path}.fileData`), `${path}.fileData`)];
  const [name] = Object.keys(part);
  if (name === undefined) throw invalidField(path, 'must hold text, inlineData, fileData or a functionResponse');
  throw unsupportedField(`${path}.${name}`, 'it has no equivalent there');
}

function decodeInline(blob: JsonObject, path: string): UserPart {
  const mediaType = expectString(fieldOf(blob, 'mimeType'), `${path}.mimeType`);
  const data = expectString(blob['data'], `${path}.data`).replaceAll('-', '+').replaceAll('_', '/');
  if (isImage(mediaType)) return { type: 'image', source: { kind: 'base64', mediaType, data } };
  if (/^(?:audio|video)\//i.test(mediaType)) throw unsupportedField(path, `input of type ${mediaType}`);
  const name = optionalString(fieldOf(blob, 'displayName'), `${path}.displayName`);
  return { type: 'file', mediaType, data, ...(name === undefined ? undefined : { name }) };
}

/** A file by its address: an image on the web can be fetched by others too, what is stored at Google cannot. */
function decodeFile(file: JsonObject, path: string): UserPart {
  const url = expectString(fieldOf(file, 'fileUri'), `${path}.fileUri`);
  const mediaType = optionalString(fieldOf(file, 'mimeType'), `${path}.mimeType`) ?? 'image/*';
  if (!/^https?:\/\//i.test(url) || /^https:\/\/generativelanguage\.googleapis\.com\//i.test(url)) {
    throw unsupportedField(`${path}.fileUri`, 'files stored at Google');
  }
  if (!isImage(mediaType)) throw unsupportedField(`${path}.fileUri`, `a file of type ${mediaType} by its address`);
  return { type: 'image', source: { kind: 'url', url } };
}

function isImage(mediaType: string): boolean {
  return /^image\//i.test(mediaType);
}
