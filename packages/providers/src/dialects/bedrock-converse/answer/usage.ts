import { totalInput, totalOutput, type JsonObject, type JsonValue, type Usage } from '@x/core';
import { countOf, isObject, listOf, objectOf } from '../../../json/read.ts';

/** Token counts in disjoint classes. The input excludes what was read from and written to a cache; thoughts are output. */
export function decodeUsage(value: JsonValue | undefined): Usage | undefined {
  if (!isObject(value)) return undefined;
  const written = countOf(value['cacheWriteInputTokens']);
  const long = Math.min(written, longOf(value['cacheDetails']));
  return {
    inputTokens: countOf(value['inputTokens']),
    cacheReadTokens: countOf(value['cacheReadInputTokens']),
    cacheWriteTokens: written,
    ...(long > 0 && { longCacheWriteTokens: long }),
    outputTokens: countOf(value['outputTokens']),
    reasoningTokens: 0,
  };
}

/** What is kept for an hour, of what was written. */
function longOf(details: JsonValue | undefined): number {
  let tokens = 0;
  for (const detail of listOf(details)) {
    const { ttl, inputTokens } = objectOf(detail);
    if (ttl === '1h') tokens += countOf(inputTokens);
  }
  return tokens;
}

export function encodeUsage(usage: Usage): JsonObject {
  const { inputTokens, cacheReadTokens, cacheWriteTokens, longCacheWriteTokens: long = 0 } = usage;
  const outputTokens = totalOutput(usage);
  return {
    inputTokens,
    outputTokens,
    totalTokens: totalInput(usage) + outputTokens,
    cacheReadInputTokens: cacheReadTokens,
    cacheWriteInputTokens: cacheWriteTokens,
    ...(long > 0 && {
      cacheDetails: [
        { ttl: '5m', inputTokens: cacheWriteTokens - long },
        { ttl: '1h', inputTokens: long },
      ],
    }),
  };
}
