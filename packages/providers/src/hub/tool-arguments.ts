import type { JsonObject } from '@x/core';
import { isObject, parseJson } from '../json/read.ts';

/**
 * The arguments of a tool call as an object, for dialects that carry them so. Models write invalid JSON now and then:
 * then their text is kept under `invalid_json`, so that nothing is lost and nothing crashes.
 */
export function argumentsObject(json: string): JsonObject {
  if (json.trim() === '') return {};
  const value = parseJson(json);
  return isObject(value) ? value : { invalid_json: json };
}
