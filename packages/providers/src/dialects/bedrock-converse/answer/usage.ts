import { totalInput, totalOutput, type JsonObject, type JsonValue, type Usage } from '@x/core';
import { countOf, isObject } from '../../../json/read.ts';

/** Token counts in disjoint classes. The input excludes what was read from and written to a cache; thoughts are output. */
export function decodeUsage(value: JsonValue | undefined): Usage | undefined {
  if (!isObject(value)) return undefined;
  return {
    inputTokens: countOf(value['inputTokens']),
    cacheReadTokens: countOf(value['cacheReadInputTokens']),
    cacheWriteTokens: countOf(value['cacheWriteInputTokens']),
    outputTokens: countOf(value['outputTokens']),
    reasoningTokens: 0,
  };
}

export function encodeUsage(usage: Usage): JsonObject {
  const { inputTokens, cacheReadTokens, cacheWriteTokens } = usage;
  const outputTokens = totalOutput(usage);
  return {
    inputTokens,
    outputTokens,
    totalTokens: totalInput(usage) + outputTokens,
    cacheReadInputTokens: cacheReadTokens,
    cacheWriteInputTokens: cacheWriteTokens,
  };
}
