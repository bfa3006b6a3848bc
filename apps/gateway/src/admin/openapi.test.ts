import { expect, test } from 'vitest';
import { governed } from '../../test/support/governed.ts';

interface Document {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, Described>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, { readonly description?: string }>> };
}

interface Described {
  readonly operationId: string;
  readonly parameters: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: unknown;
  readonly responses: Readonly<Record<string, unknown>>;
}

async function documents() {
  const { url } = await governed({}, { server: { adminToken: 'operators-only' } });
  const read = async (name: string) => (await (await fetch(`${url}/admin/${name}`)).json()) as unknown;
  return { url, openapi: (await read('openapi.json')) as Document, schema: await read('schema.json') };
}

/** Everything that is referred to. */
function references(value: unknown): string[] {
  return [...JSON.stringify(value).matchAll(/"\$ref":"([^"]+)"/g)].map(([, reference = '']) => reference);
}

test('the description says what there is, by names that are unique and references that lead somewhere', async () => {
  const { openapi, schema } = await documents();
  expect(openapi.openapi).toBe('3.1.0');
  const operations = Object.values(openapi.paths).flatMap((methods) => Object.values(methods));
  const names = operations.map(({ operationId }) => operationId);
  expect(names.length).toBeGreaterThan(30);
  expect(new Set(names).size).toBe(names.length);
  expect(names).toEqual(expect.arrayContaining(['createVirtualKey', 'getUsage', 'reopenKey', 'listChanges']));
  expect(references(openapi).length).toBeGreaterThan(10);
  for (const reference of references(openapi)) {
    expect(openapi.components.schemas).toHaveProperty([reference.replace('#/components/schemas/', '')]);
  }
  for (const reference of references(schema))
    expect(schema).toHaveProperty(['$defs', reference.replace('#/$defs/', '')]);
  const { patch } = openapi.paths['/admin/teams/{id}'] ?? {};
  expect(patch?.parameters.map(({ name }) => name)).toEqual(['id', 'If-Match']);
  expect(patch?.requestBody).toMatchObject({
    content: { 'application/json': { schema: { properties: { customer: { anyOf: [{}, { type: 'null' }] } } } } },
  });
});

test('whatever it describes is there', async () => {
  const { url, openapi } = await documents();
  const headers = { authorization: 'Bearer operators-only' };
  for (const [path, methods] of Object.entries(openapi.paths)) {
    for (const method of Object.keys(methods)) {
      const address = url + path.replaceAll(/\{\w+\}/g, 'none');
      const response = await fetch(address, { method: method.toUpperCase(), headers });
      expect([path, method, await response.text()]).not.toEqual([path, method, expect.stringContaining('"not_found"')]);
      expect([path, method, response.status < 500]).toEqual([path, method, true]);
      expect(response.status).not.toBe(405);
    }
  }
});
