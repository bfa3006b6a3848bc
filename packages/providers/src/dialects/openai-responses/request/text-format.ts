import type { JsonObject, JsonValue } from '@x/core';
import type { TranslationNotes } from '../../../hub/notes.ts';
import type { ResponseFormat } from '../../../hub/request.ts';
import { expectObject, invalidField, unsupportedField } from '../../../json/expect.ts';
import { isObject } from '../../../json/read.ts';

/** The member `text`: what the answer has to look like, and how much it should say. */
export function decodeText(value: JsonValue | undefined, notes: TranslationNotes): ResponseFormat | undefined {
  if (value === undefined || value === null) return undefined;
  const { format, verbosity } = expectObject(value, 'text');
  if (verbosity !== undefined && verbosity !== null && verbosity !== 'medium') notes.drop('text.verbosity');
  return format === undefined || format === null ? undefined : decodeFormat(expectObject(format, 'text.format'));
}

function decodeFormat({ type, schema, name, strict }: JsonObject): ResponseFormat | undefined {
  switch (type) {
    case 'text':
      return undefined;
    case 'json_object':
      return { type: 'json' };
    case 'json_schema':
      if (!isObject(schema)) throw invalidField('text.format.schema', 'must be an object');
      return {
        type: 'json-schema',
        schema,
        ...(typeof name === 'string' && { name }),
        ...(typeof strict === 'boolean' && { strict }),
      };
    default:
      throw unsupportedField('text.format.type', 'only "text", "json_object" and "json_schema"');
  }
}

export function encodeFormat(format: ResponseFormat): JsonObject {
  if (format.type === 'json') return { type: 'json_object' };
  const { schema, name = 'answer', strict } = format;
  return { type: 'json_schema', name, schema, ...(strict === undefined ? undefined : { strict }) };
}
