import { z } from 'zod';
import type { Operation } from './operation.ts';
import { NAMED_SCHEMAS } from './schemas.ts';

type Json = Readonly<Record<string, unknown>>;

const BASE = '#/components/schemas/';

/** The schemas that have names, as JSON schema, draft 2020-12. */
export function namedSchemas(base = BASE): Record<string, Json> {
  return Object.fromEntries(Object.entries(NAMED_SCHEMAS).map(([name, schema]) => [name, plain(schema, base)]));
}

/** The JSON schema of everything that has a name here. */
export function adminJsonSchema(): Json {
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', $defs: namedSchemas('#/$defs/') };
}

/** OpenAPI 3.1, whose schemas are JSON schema. */
export function openApiOf(operations: readonly Operation[]): Json {
  const paths: Record<string, Record<string, Json>> = {};
  for (const operation of operations)
    (paths[operation.path] ??= {})[operation.method.toLowerCase()] = described(operation);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Admin API of the gateway',
      version: '1',
      description: 'Customers, teams, virtual keys, and what they used. Errors have the shape of OpenAI’s.',
    },
    paths,
    components: {
      schemas: { ...namedSchemas(), Error: ERROR },
      securitySchemes: { token: { type: 'http', scheme: 'bearer', description: '`server.adminToken`.' } },
    },
    security: [{ token: [] }],
  };
}

const ERROR: Json = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['message', 'code'],
      properties: {
        message: { type: 'string' },
        type: { type: 'string' },
        param: { type: ['string', 'null'], description: 'The field at fault.' },
        code: { type: 'string', description: 'Stable.' },
      },
    },
  },
};

function described(operation: Operation): Json {
  const { name, summary, access = 'token', body, takes = body, gives, ifMatch } = operation;
  const { status = gives === undefined ? 204 : 200 } = operation;
  const content = (schema: z.ZodType, partial = false) => ({
    'application/json': { schema: partial ? changesOf(schema) : referenced(schema) },
  });
  return {
    operationId: name,
    summary,
    parameters: parametersOf(operation),
    ...(takes && { requestBody: { required: body === undefined, content: content(takes, ifMatch) } }),
    responses: {
      [status]: { description: 'Done.', ...(gives && { content: content(gives) }) },
      '4XX': { description: 'Refused.', content: { 'application/json': { schema: { $ref: `${BASE}Error` } } } },
    },
    ...(access !== 'token' && { security: access === 'open' ? [] : [{ token: [] }, {}] }),
  };
}

function parametersOf({ path, query, ifMatch }: Operation): Json[] {
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
  const { properties = {} } = query === undefined ? {} : (plain(query) as { properties?: Record<string, Json> });
  const inQuery = Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: 'query',
    ...(description !== undefined && { description }),
    schema,
  }));
  const description = 'The ETag of what the change was made from. Otherwise it applies to whatever is there.';
  const inHeader = ifMatch ? [{ name: 'If-Match', in: 'header', description, schema: { type: 'string' } }] : [];
  return [...inPath, ...inQuery, ...inHeader];
}

/** Any of its members, or null for one that is to go. */
function changesOf(schema: z.ZodType): Json {
  const { properties = {}, required: _, ...rest } = plain(schema) as { properties?: Json; required?: unknown };
  const optional = Object.entries(properties).map(([name, member]) => [name, { anyOf: [member, { type: 'null' }] }]);
  return { ...rest, properties: Object.fromEntries(optional) };
}

const NAMES = new Map<z.core.$ZodType, string>(Object.entries(NAMED_SCHEMAS).map(([name, schema]) => [schema, name]));

function referenced(schema: z.ZodType): Json {
  const name = NAMES.get(schema);
  return name === undefined ? plain(schema) : { $ref: BASE + name };
}

/** As callers write it. Named schemas inside are referred to. */
function plain(schema: z.ZodType, base = BASE): Json {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-2020-12',
    override: ({ zodSchema, jsonSchema }) => {
      const given: z.core.$ZodType = zodSchema;
      const name = given === schema ? undefined : NAMES.get(given);
      if (name === undefined) return;
      for (const member of Object.keys(jsonSchema)) delete jsonSchema[member];
      jsonSchema.$ref = base + name;
    },
  });
  return json;
}
