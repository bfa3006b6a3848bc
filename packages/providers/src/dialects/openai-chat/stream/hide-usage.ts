import type { JsonObject } from '@x/core';
import { isArray } from '../../../json/read.ts';
import { frameOf, type WireEvent } from '../../../sse/frame.ts';

const NULL_USAGE = ',"usage":null';

/**
 * The frame of a chunk without the token counts that were asked for on the gateway's own behalf: empty for the extra chunk that
 * holds nothing else, and otherwise the text as received with the member cut out.
 */
export function frameWithoutUsage(event: WireEvent, value: JsonObject | undefined): string {
  if (value === undefined) {
    const data = withoutNull(event.data);
    return frameOf(data === undefined ? event : { ...event, data });
  }
  if (value['usage'] === undefined) return frameOf(event);
  if (value['usage'] !== null && isArray(value['choices']) && value['choices'].length === 0) return '';
  return frameOf({ ...event, data: cutUsage(event.data, value) });
}

function cutUsage(data: string, value: JsonObject): string {
  const cut = value['usage'] === null ? withoutNull(data) : undefined;
  return cut ?? JSON.stringify({ ...value, usage: undefined });
}

/** An unescaped quote after a comma stands between members, never in a string; and there is one such member in a chunk. */
function withoutNull(data: string): string | undefined {
  const at = data.indexOf(NULL_USAGE);
  if (at === -1 || data.includes(NULL_USAGE, at + 1)) return undefined;
  return data.slice(0, at) + data.slice(at + NULL_USAGE.length);
}
