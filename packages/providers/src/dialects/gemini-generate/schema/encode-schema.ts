import type { JsonObject, JsonValue } from '@x/core';
import { isArray, isObject, listOf } from '../../../json/read.ts';
import { resolvePointer } from './pointer.ts';

/** A schema in Gemini's subset of OpenAPI, and the keywords whose meaning did not fit into it. */
export interface EncodedSchema {
  readonly schema: JsonObject;
  readonly lost: readonly string[];
}

/** Undefined where there is no such form: a schema that refers to itself, or to something that is not there. */
export function encodeSchema(schema: JsonObject): EncodedSchema | undefined {
  const writer = new SchemaWriter(schema);
  const encoded = writer.write(schema, 0);
  return writer.failed ? undefined : { schema: encoded, lost: [...writer.lost] };
}

/** Deeper than any schema that a provider takes. */
const DEEPEST = 32;
/** References may multiply: beyond this many members, all told, a schema is not written out. */
const MOST_MEMBERS = 20_000;

/** Keywords that mean the same there. */
const SAME = [
  'title',
  'description',
  'minimum',
  'maximum',
  'minItems',
  'maxItems',
  'minLength',
  'maxLength',
  'minProperties',
  'maxProperties',
  'pattern',
  'default',
  'propertyOrdering',
] as const;
/** Keywords that have been dealt with, and those that only describe. */
const DONE: ReadonlySet<string> = new Set([
  ...SAME,
  '$ref',
  '$defs',
  'definitions',
  '$schema',
  '$id',
  '$comment',
  '$anchor',
  'allOf',
  'anyOf',
  'oneOf',
  'const',
  'enum',
  'type',
  'format',
  'properties',
  'required',
  'items',
  'nullable',
  'additionalProperties',
  'strict',
  'example',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
]);
const TYPES = ['string', 'number', 'integer', 'boolean', 'array', 'object'] as const;
/** All others are answered with a 400. */
const FORMATS: Readonly<Record<string, readonly string[]>> = {
  string: ['date-time', 'enum'],
  number: ['float', 'double'],
  integer: ['int32', 'int64'],
};

class SchemaWriter {
  failed = false;
  readonly lost = new Set<string>();
  readonly #root: JsonObject;
  /** The references that are being written out. */
  readonly #open = new Set<string>();
  #members = 0;

  constructor(root: JsonObject) {
    this.#root = root;
  }

  write(value: JsonValue | undefined, depth: number): JsonObject {
    if (depth > DEEPEST) this.failed = true;
    if (!isObject(value) || !this.#count(value)) return {};
    const { $ref: ref, ...rest } = value;
    if (typeof ref !== 'string') return this.#writeMerged(value, depth);
    const found = resolvePointer(this.#root, ref);
    if (found === undefined || this.#open.has(ref)) {
      this.failed = true;
      return {};
    }
    this.#open.add(ref);
    const written = this.write({ ...found, ...rest }, depth + 1);
    this.#open.delete(ref);
    return written;
  }

  /** Whether there is still room for what a schema holds. */
  #count(schema: JsonObject): boolean {
    const { properties, required, enum: choices } = schema;
    const own = Object.keys(schema).length + listOf(required).length + listOf(choices).length;
    this.#members += 1 + own + (isObject(properties) ? Object.keys(properties).length : 0);
    this.failed ||= this.#members > MOST_MEMBERS;
    return !this.failed;
  }

  #writeMerged(schema: JsonObject, depth: number): JsonObject {
    const { allOf, ...rest } = schema;
    if (!isArray(allOf)) return this.#writeTyped(schema, depth);
    let merged: JsonObject = rest;
    for (const member of allOf) {
      const found =
        isObject(member) && typeof member['$ref'] === 'string' ? resolvePointer(this.#root, member['$ref']) : member;
      if (!isObject(found)) this.failed = true;
      if (this.failed || !isObject(found) || !this.#count(found) || !this.#count(merged)) return {};
      merged = merge(merged, found);
    }
    return this.write(merged, depth + 1);
  }

  #writeTyped(schema: JsonObject, depth: number): JsonObject {
    for (const name of Object.keys(schema)) if (!DONE.has(name)) this.lost.add(name);
    if (isObject(schema['additionalProperties'])) this.lost.add('additionalProperties');
    const alternatives = schema['anyOf'] ?? schema['oneOf'];
    if (isArray(alternatives)) return this.#writeAlternatives(schema, alternatives, depth);
    const { type } = schema;
    if (!isArray(type)) return this.#writeSingle(schema, typeof type === 'string' ? type : guessType(schema), depth);
    const types = TYPES.filter((each) => type.includes(each));
    const nullable = type.includes('null') ? { nullable: true } : {};
    if (types.length <= 1) return { ...this.#writeSingle(schema, types[0] ?? 'null', depth), ...nullable };
    const { description, type: _types, ...rest } = schema;
    const anyOf = types.map((each) => this.#writeSingle(rest, each, depth + 1));
    return { anyOf, ...nullable, ...(typeof description === 'string' && { description }) };
  }

  #writeAlternatives(schema: JsonObject, alternatives: readonly JsonValue[], depth: number): JsonObject {
    const { anyOf: _any, oneOf: _one, type: _type, ...rest } = schema;
    const left = alternatives.filter((each) => !isObject(each) || each['type'] !== 'null');
    const nullable = left.length < alternatives.length || schema['nullable'] === true ? { nullable: true } : {};
    const only = left[0];
    if (left.length === 1 && isObject(only)) return { ...this.write(merge(rest, only), depth + 1), ...nullable };
    const { description } = schema;
    const shared = withoutTexts(rest);
    const anyOf = left.map((each) =>
      isObject(each) && this.#count(shared) ? this.write(merge(shared, each), depth + 1) : {},
    );
    return { anyOf, ...nullable, ...(typeof description === 'string' && { description }) };
  }

  #writeSingle(schema: JsonObject, type: string | undefined, depth: number): JsonObject {
    const written: Record<string, JsonValue> = {};
    if (type !== undefined) written['type'] = type;
    for (const name of SAME) if (schema[name] !== undefined) written[name] = schema[name];
    const { format } = schema;
    if (typeof format === 'string' && type !== undefined) {
      if (FORMATS[type]?.includes(format)) written['format'] = format;
      else this.lost.add('format');
    }
    if (schema['nullable'] === true) written['nullable'] = true;
    this.#writeEnum(schema, type, written);
    if (type === 'object' || isObject(schema['properties'])) this.#writeProperties(schema, depth, written);
    // A list that does not say of what is a 400.
    if (type === 'array')
      written['items'] = isObject(schema['items']) ? this.write(schema['items'], depth + 1) : { type: 'string' };
    return written;
  }

  /** Choices are texts there. Others go into the description, where the model reads them all the same. */
  #writeEnum(schema: JsonObject, type: string | undefined, written: Record<string, JsonValue>): void {
    const choices = 'const' in schema ? [schema['const'] ?? null] : listOf(schema['enum']);
    if (choices.length === 0) return;
    const values = choices.filter((each) => each !== null);
    if (values.length < choices.length) written['nullable'] = true;
    if (values.length > 0 && values.every((each) => typeof each === 'string') && (type ?? 'string') === 'string') {
      written['type'] = 'string';
      // An empty choice is a 400.
      const texts = values.filter((each) => each !== '');
      if (texts.length === values.length) written['enum'] = texts;
      return;
    }
    if (values.length === 0) return;
    const said = typeof schema['description'] === 'string' ? `${schema['description']} ` : '';
    written['description'] = `${said}One of: ${values.map((each) => JSON.stringify(each)).join(', ')}.`;
  }

  #writeProperties(schema: JsonObject, depth: number, written: Record<string, JsonValue>): void {
    const properties = isObject(schema['properties']) ? schema['properties'] : {};
    const names = Object.keys(properties);
    written['type'] = 'object';
    if (names.length > 0) {
      written['properties'] = Object.fromEntries(names.map((name) => [name, this.write(properties[name], depth + 1)]));
    }
    const required = listOf(schema['required']).filter(
      (name) => typeof name === 'string' && Object.hasOwn(properties, name),
    );
    if (required.length > 0) written['required'] = required;
  }
}

/** Both hold: properties and required names of both, and of anything else the first one's. */
function merge(one: JsonObject, other: JsonObject): JsonObject {
  const properties = isObject(one['properties']) || isObject(other['properties']);
  const required = [...listOf(one['required']), ...listOf(other['required'])];
  return {
    ...other,
    ...one,
    ...(properties && { properties: { ...asObject(other['properties']), ...asObject(one['properties']) } }),
    ...(required.length > 0 && { required: [...new Set(required)] }),
  };
}

function asObject(value: JsonValue | undefined): JsonObject {
  return isObject(value) ? value : {};
}

/** What describes a choice as a whole does not describe each of its alternatives. */
function withoutTexts({
  title: _title,
  description: _description,
  default: _default,
  ...rest
}: JsonObject): JsonObject {
  return rest;
}

function guessType(schema: JsonObject): string | undefined {
  if (isObject(schema['properties'])) return 'object';
  if ('items' in schema) return 'array';
  const first = 'const' in schema ? schema['const'] : listOf(schema['enum'])[0];
  const type = typeof first;
  return type === 'string' || type === 'boolean' || type === 'number' ? type : undefined;
}
