import type { JsonObject, JsonValue, Usage } from '@x/core';
import { countOf, isObject, objectOf } from '../../../json/read.ts';

/** Token counts in disjoint classes. Anthropic's input excludes what was read from and written to a cache. */
export function decodeUsage(value: JsonValue | undefined): Usage | undefined {
  if (!isObject(value)) return undefined;
  const output = countOf(value['output_tokens']);
  const written = countOf(value['cache_creation_input_tokens']);
  const long = Math.min(written, countOf(objectOf(value['cache_creation'])['ephemeral_1h_input_tokens']));
  const thinking = Math.min(output, countOf(objectOf(value['output_tokens_details'])['thinking_tokens']));
  return {
    inputTokens: countOf(value['input_tokens']),
    cacheReadTokens: countOf(value['cache_read_input_tokens']),
    cacheWriteTokens: written,
    ...(long > 0 && { longCacheWriteTokens: long }),
    outputTokens: output - thinking,
    reasoningTokens: thinking,
  };
}

export function encodeUsage(usage: Usage): JsonObject {
  const { longCacheWriteTokens: long = 0 } = usage;
  return {
    input_tokens: usage.inputTokens,
    cache_creation_input_tokens: usage.cacheWriteTokens,
    ...(long > 0 && {
      cache_creation: {
        ephemeral_5m_input_tokens: usage.cacheWriteTokens - long,
        ephemeral_1h_input_tokens: long,
      },
    }),
    cache_read_input_tokens: usage.cacheReadTokens,
    output_tokens: usage.outputTokens + usage.reasoningTokens,
    ...(usage.reasoningTokens > 0 && { output_tokens_details: { thinking_tokens: usage.reasoningTokens } }),
  };
}
