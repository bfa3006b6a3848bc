import type { JsonObject } from '@x/core';
import { isObject, parseJson } from '../json/read.ts';

/** The data of every event in a frame that is a JSON object. A translated frame may hold several events. */
export function* dataOf(frame: string): Generator<JsonObject> {
  for (const event of frame.split('\n\n')) {
    const lines = event.split('\n').filter((line) => line.startsWith('data:'));
    const value = lines.length === 0 ? undefined : parseJson(lines.map((line) => line.slice(5)).join('\n'));
    if (isObject(value)) yield value;
  }
}

/** Whether a member says anything: hosts send empty ones along. */
export function says(value: unknown): boolean {
  if (value === undefined || value === null || value === '' || value === false) return false;
  if (Array.isArray(value)) return value.length > 0;
  return typeof value !== 'object' || Object.keys(value).length > 0;
}
