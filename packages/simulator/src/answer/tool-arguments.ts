/** Schemas may refer to themselves; deeper than this, values are left out. */
const DEEPEST = 6;

const WORDS = ['invoice', 'export', 'login', 'sync', 'region', 'report'];

/** A value that fits a JSON schema, as far as its types, enums and properties go. */
export function sampleValue(schema: unknown, random: () => number, depth = 0): unknown {
  if (!isRecord(schema) || depth > DEEPEST) return {};
  if ('const' in schema) return schema['const'];
  const choices = schema['enum'];
  if (Array.isArray(choices) && choices.length > 0) return choices[Math.floor(random() * choices.length)];
  const alternatives = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(alternatives)) return sampleValue(alternatives[0], random, depth + 1);
  const type = Array.isArray(schema['type']) ? (schema['type'] as unknown[])[0] : schema['type'];
  switch (type) {
    case 'string':
      return WORDS[Math.floor(random() * WORDS.length)];
    case 'integer':
      return Math.floor(random() * 100);
    case 'number':
      return Math.floor(random() * 1_000) / 10;
    case 'boolean':
      return random() < 0.5;
    case 'null':
      return null;
    case 'array':
      return [sampleValue(schema['items'] ?? { type: 'string' }, random, depth + 1)];
    default:
      return sampleObject(schema, random, depth);
  }
}

function sampleObject(schema: Record<string, unknown>, random: () => number, depth: number): Record<string, unknown> {
  const properties = schema['properties'];
  if (!isRecord(properties)) return {};
  const entries = Object.entries(properties);
  return Object.fromEntries(entries.map(([name, property]) => [name, sampleValue(property, random, depth + 1)]));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
