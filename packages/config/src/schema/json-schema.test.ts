import { expect, test } from 'vitest';
import { configJsonSchema } from './json-schema.ts';

interface Schema {
  readonly description?: string;
  readonly $ref?: string;
  readonly default?: unknown;
  readonly additionalProperties?: boolean | Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly required?: readonly string[];
  readonly $defs?: Readonly<Record<string, Schema>>;
}

const schema = configJsonSchema() as Schema;

/** Every member in the schema with its path, references not followed. */
function members(at: Schema, path = ''): [string, Schema][] {
  const own = Object.entries(at.properties ?? {}).map(([name, member]): [string, Schema] => [
    `${path}.${name}`,
    member,
  ]);
  const inside = [at.items, at.additionalProperties, ...(at.anyOf ?? [])].filter((part) => typeof part === 'object');
  return [
    ...own,
    ...own.flatMap(([name, member]) => members(member, name)),
    ...inside.flatMap((part) => members(part, path)),
  ];
}

const all = [
  ...members(schema),
  ...Object.values(schema.$defs ?? {}).flatMap((definition) => members(definition, 'provider')),
];

test('every member is described', () => {
  expect(all.length).toBeGreaterThan(30);
  expect(all.filter(([, { description, $ref }]) => !description && !$ref).map(([path]) => path)).toEqual([]);
});

test('every section is optional and takes no unknown member', () => {
  expect(schema.required).toBeUndefined();
  const objects = [schema, ...all.map(([, member]) => member)].filter(({ properties }) => properties !== undefined);
  expect(objects.every(({ additionalProperties }) => additionalProperties === false)).toBe(true);
});

test('a provider is the same at the top level and inside "providers"', () => {
  const { openai, providers } = schema.properties ?? {};
  expect(openai).toEqual({ $ref: '#/$defs/provider' });
  expect(providers?.additionalProperties).toEqual({ $ref: '#/$defs/provider' });
});

test('defaults are there for editors', () => {
  expect(schema.properties?.['server']?.properties?.['port']?.default).toBe(8080);
  expect(schema.properties?.['backoff']?.properties?.['jitter']?.default).toBe('full');
});

test('it is plain JSON', () => {
  expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
});
