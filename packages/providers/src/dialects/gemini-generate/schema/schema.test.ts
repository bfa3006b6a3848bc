import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import type { JsonObject, JsonValue } from '@x/core';
import { decodeSchema } from './decode-schema.ts';
import { encodeSchema } from './encode-schema.ts';

const written = (schema: JsonObject) => encodeSchema(schema)?.schema;
const text = { type: 'string' };

describe('pitfall 9: Gemini’s subset of JSON schema', () => {
  test.each<[string, JsonObject, JsonObject]>([
    [
      'references are written out',
      { $defs: { a: text }, type: 'object', properties: { x: { $ref: '#/$defs/a' } } },
      { type: 'object', properties: { x: text } },
    ],
    [
      'with what stands beside them',
      { definitions: { a: text }, $ref: '#/definitions/a', description: 'd' },
      { type: 'string', description: 'd' },
    ],
    ['a constant is a choice of one', { const: 'a' }, { type: 'string', enum: ['a'] }],
    ['null among the types', { type: ['string', 'null'] }, { type: 'string', nullable: true }],
    [
      'several types',
      { type: ['string', 'integer'], description: 'd' },
      { anyOf: [text, { type: 'integer' }], description: 'd' },
    ],
    [
      'null among the alternatives',
      { anyOf: [text, { type: 'null' }], description: 'd' },
      { type: 'string', description: 'd', nullable: true },
    ],
    ['oneOf is anyOf', { oneOf: [text, { type: 'boolean' }] }, { anyOf: [text, { type: 'boolean' }] }],
    [
      'choices that are no texts are said in words',
      { type: 'integer', enum: [1, 2], description: 'd' },
      { type: 'integer', description: 'd One of: 1, 2.' },
    ],
    ['null among the choices', { enum: ['a', null] }, { type: 'string', nullable: true, enum: ['a'] }],
    ['an empty choice', { type: 'string', enum: ['', 'a'] }, text],
    ['a list of anything', { type: 'array' }, { type: 'array', items: text }],
    [
      'required names that are no properties',
      { type: 'object', properties: { a: text }, required: ['a', 'b'] },
      { type: 'object', properties: { a: text }, required: ['a'] },
    ],
    [
      'additionalProperties: false',
      { type: 'object', properties: { a: text }, additionalProperties: false },
      { type: 'object', properties: { a: text } },
    ],
    [
      'allOf is merged',
      {
        allOf: [
          { type: 'object', properties: { a: text }, required: ['a'] },
          { properties: { b: text }, required: ['b'] },
        ],
      },
      { type: 'object', properties: { a: text, b: text }, required: ['a', 'b'] },
    ],
    ['formats that it knows', { type: 'string', format: 'date-time' }, { type: 'string', format: 'date-time' }],
  ])('%s', (_name, schema, expected) => {
    const encoded = encodeSchema(schema);
    expect(encoded).toEqual({ schema: { ...expected }, lost: [] });
  });

  test.each<[JsonObject, string[]]>([
    [{ type: 'string', format: 'uri' }, ['format']],
    [{ type: 'object', additionalProperties: text }, ['additionalProperties']],
    [{ type: 'array', items: text, uniqueItems: true }, ['uniqueItems']],
    [{ type: 'object', properties: { a: { not: text } } }, ['not']],
  ])('%j: what is lost is told', (schema, lost) => {
    expect(encodeSchema(schema)?.lost).toEqual(lost);
  });

  test.each<[string, JsonObject]>([
    ['to itself', { $defs: { a: { type: 'object', properties: { next: { $ref: '#/$defs/a' } } } }, $ref: '#/$defs/a' }],
    ['to the root', { type: 'object', properties: { next: { $ref: '#' } } }],
    ['to nothing', { $ref: '#/$defs/a' }],
    ['elsewhere', { $ref: 'https://x.test/schema' }],
    ['by an invalid pointer', { $ref: '#/%' }],
    ['to what every object has', { $ref: '#/constructor' }],
  ])('a reference %s has no such form', (_name, schema) => {
    expect(encodeSchema(schema)).toBeUndefined();
  });

  test('references that multiply are not written out', () => {
    const names = Array.from({ length: 20 }, (_, index) => `d${index}`);
    const $defs = Object.fromEntries(
      names.map((name, index) => {
        const ref = { $ref: `#/$defs/d${index + 1}` };
        return [name, { type: 'object', properties: index === 19 ? {} : { a: ref, b: ref } }];
      }),
    );
    expect(encodeSchema({ $defs, $ref: '#/$defs/d0' })).toBeUndefined();
  });
});

test.each<[string, () => JsonObject]>([
  ['allOf', () => ({ allOf: many(20_000, (index) => ({ properties: { [`p${index}`]: text } })) })],
  ['anyOf beside properties', () => ({ properties: named(20_000), anyOf: many(20_000, () => ({ type: 'object' })) })],
  ['types', () => ({ type: many(20_000, () => 'string'), enum: many(20_000, String) })],
  [
    'references to choices',
    () => ({ $defs: { a: { enum: many(20_000, String) } }, anyOf: many(20_000, () => ({ $ref: '#/$defs/a' })) }),
  ],
])('a schema of %s that multiply is given up, or written, in little time', (_name, make) => {
  const schema = make();
  const before = process.cpuUsage();
  encodeSchema(schema);
  expect(process.cpuUsage(before).user).toBeLessThan(1_500_000);
});

const many = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));
const named = (count: number) => Object.fromEntries(many(count, (index) => [`p${index}`, text]));

test('Gemini’s form is read as JSON schema', () => {
  const schema = {
    type: 'OBJECT',
    properties: {
      a: { type: 'STRING', nullable: true, enum: ['x'], format: 'enum' },
      b: { type: 'ARRAY', items: { type: 'INTEGER' }, min_items: '1', maxItems: '5' },
      c: { any_of: [{ type: 'NUMBER' }, { type: 'BOOLEAN' }], nullable: true },
    },
    propertyOrdering: ['a', 'b'],
    required: ['a'],
  };
  expect(decodeSchema(schema)).toEqual({
    type: 'object',
    properties: {
      a: { type: ['string', 'null'], enum: ['x', null] },
      b: { type: 'array', items: { type: 'integer' }, minItems: 1, maxItems: 5 },
      c: { anyOf: [{ type: 'number' }, { type: 'boolean' }, { type: 'null' }] },
    },
    required: ['a'],
  });
});

test('any schema is written or given up, and nothing in it is outside of the subset', () => {
  const names = [
    'type',
    'properties',
    'items',
    'anyOf',
    'allOf',
    'enum',
    'const',
    '$ref',
    '$defs',
    'required',
    'a',
    '__proto__',
  ];
  const { any } = fc.letrec<{ any: JsonValue }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom('object', 'array', 'string', '#/$defs/a', '#', null, true, 1),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...names), tie('any'), { maxKeys: 5 }),
    ),
  }));
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...names), any), (schema) => {
      const text = JSON.stringify(Object.keys(written(schema) ?? {}));
      expect(text).not.toMatch(/\$|allOf|const/);
    }),
    { numRuns: 500 },
  );
});
