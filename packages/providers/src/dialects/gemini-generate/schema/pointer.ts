import type { JsonObject, JsonValue } from '@x/core';
import { isObject } from '../../../json/read.ts';

/** What `#/$defs/Name` refers to; undefined for anything that is not in `root`. */
export function resolvePointer(root: JsonObject, ref: string): JsonObject | undefined {
  if (ref === '#') return root;
  if (!ref.startsWith('#/')) return undefined;
  let at: JsonValue | undefined = root;
  for (const step of ref.slice(2).split('/')) {
    const name = unescape(step);
    at = isObject(at) && name !== undefined && Object.hasOwn(at, name) ? at[name] : undefined;
  }
  return isObject(at) ? at : undefined;
}

function unescape(step: string): string | undefined {
  try {
    return decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    return undefined;
  }
}
