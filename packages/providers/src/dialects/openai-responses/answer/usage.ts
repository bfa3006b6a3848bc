import { totalInput, totalOutput, type JsonObject, type JsonValue, type Usage } from '@x/core';
import { countOf, isObject, objectOf } from '../../../json/read.ts';

/** Token counts in disjoint classes. The totals include the cached and the reasoning ones. */
export function decodeUsage(value: JsonValue | undefined): Usage | undefined {
  if (!isObject(value)) return undefined;
  const input = countOf(value['input_tokens']);
  const output = countOf(value['output_tokens']);
  const details = objectOf(value['input_tokens_details']);
  const cacheRead = Math.min(input, countOf(details['cached_tokens']));
  const cacheWrite = Math.min(input - cacheRead, countOf(details['cache_write_tokens']));
  const reasoning = Math.min(output, countOf(objectOf(value['output_tokens_details'])['reasoning_tokens']));
  return {
    inputTokens: input - cacheRead - cacheWrite,
    cacheReadTokens: cacheRead,
    cacheWriteTokens: cacheWrite,
    outputTokens: output - reasoning,
    reasoningTokens: reasoning,
  };
}

export function encodeUsage(usage: Usage): JsonObject {
  const input = totalInput(usage);
  const output = totalOutput(usage);
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: usage.cacheReadTokens, cache_write_tokens: usage.cacheWriteTokens },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens },
    total_tokens: input + output,
  };
}
