import type { JsonValue, Usage } from '@x/core';
import { countOf, isObject, objectOf } from '../../../json/read.ts';

/** What was read and written; where that is missing, what is billed, which is less. Cached tokens are part of the input. */
export function decodeUsage(value: JsonValue | undefined): Usage | undefined {
  if (!isObject(value)) return undefined;
  const counts = isObject(value['tokens']) ? value['tokens'] : objectOf(value['billed_units']);
  const input = countOf(counts['input_tokens']);
  const cacheRead = Math.min(input, countOf(value['cached_tokens']));
  return {
    inputTokens: input - cacheRead,
    cacheReadTokens: cacheRead,
    cacheWriteTokens: 0,
    outputTokens: countOf(counts['output_tokens']),
    reasoningTokens: 0,
  };
}
