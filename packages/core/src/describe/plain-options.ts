import type { PlainOptions, PlainValue } from './description.ts';

/**
 * The part of a layer's settings that is plain data. Functions, other instances of classes and what is undefined are left out;
 * sets become lists and maps objects. It knows no secret from other text: leave those out before.
 */
export function plainOptions(settings: object): PlainOptions {
  const plain: Record<string, PlainValue> = {};
  for (const [name, value] of Object.entries(settings)) {
    const shown = plainValue(value);
    if (shown !== undefined) plain[name] = shown;
  }
  return plain;
}

function plainValue(value: unknown): PlainValue {
  if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return value as PlainValue;
  if (value instanceof Set) return [...value].map(plainValue);
  if (Array.isArray(value)) return value.map(plainValue);
  if (value instanceof Map) return plainOptions(Object.fromEntries(value));
  const isRecord = typeof value === 'object' && [Object.prototype, null].includes(Object.getPrototypeOf(value));
  return isRecord ? plainOptions(value) : undefined;
}
