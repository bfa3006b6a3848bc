import type { JsonObject, JsonValue } from '@x/core';
import { numberOf } from '../../json/read.ts';

/** These members of a body, those that it has. */
export function pick(body: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(names.flatMap((name) => (body[name] === undefined ? [] : [[name, body[name]]])));
}

/** What is wrong with an answer that should hold a count. */
export function withoutCount(body: JsonObject, name: string): JsonValue | undefined {
  if (numberOf(body[name]) !== undefined) return undefined;
  return body['error'] === undefined && body['message'] === undefined ? { message: `answered without ${name}` } : body;
}
