import type { JsonObject, JsonValue } from '@x/core';
import { isArray, isObject } from '../../../json/read.ts';
import { camelOf } from '../field.ts';

/** Counts that Gemini's clients write as texts, since they are 64 bits wide. */
const COUNTS: ReadonlySet<string> = new Set([
  'minItems',
  'maxItems',
  'minLength',
  'maxLength',
  'minProperties',
  'maxProperties',
]);
const DEEPEST = 64;

/** Gemini's subset of OpenAPI as JSON schema: types in lower case, and null as a type of its own. */
export function decodeSchema(schema: JsonObject, depth = 0): JsonObject {
  if (depth > DEEPEST) return {};
  const decoded: Record<string, JsonValue> = {};
  let nullable = false;
  for (const key of Object.keys(schema)) {
    const value = schema[key];
    if (value === undefined || value === null) continue;
    const name = camelOf(key);
    if (name === 'nullable') nullable = value === true;
    else if (name === 'type') {
      if (typeof value === 'string' && value !== 'TYPE_UNSPECIFIED') decoded['type'] = value.toLowerCase();
    } else if (name === 'example') decoded['examples'] = [value];
    // An order of properties is no part of JSON schema, and its only effect is on Gemini's own writing.
    else if (name === 'propertyOrdering' || (name === 'format' && value === 'enum')) continue;
    else if (name === 'properties' && isObject(value)) decoded['properties'] = decodeProperties(value, depth);
    else if (name === 'items' && isObject(value)) decoded['items'] = decodeSchema(value, depth + 1);
    else if (name === 'anyOf' && isArray(value)) {
      decoded['anyOf'] = value.map((each) => (isObject(each) ? decodeSchema(each, depth + 1) : {}));
    } else decoded[name] = COUNTS.has(name) && typeof value === 'string' ? Number(value) : value;
  }
  return nullable ? withNull(decoded) : decoded;
}

function decodeProperties(properties: JsonObject, depth: number): JsonObject {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [name, isObject(value) ? decodeSchema(value, depth + 1) : {}]),
  );
}

function withNull(schema: JsonObject): JsonObject {
  const { type, anyOf } = schema;
  if (isArray(anyOf)) return { ...schema, anyOf: [...anyOf, { type: 'null' }] };
  if (typeof type !== 'string') return schema;
  const choices = schema['enum'];
  return { ...schema, type: [type, 'null'], ...(isArray(choices) && { enum: [...choices, null] }) };
}
