import { totalInput, totalOutput, type JsonObject, type JsonValue, type Usage } from '@x/core';
import { countOf, isObject } from '../../../json/read.ts';

/** Token counts in disjoint classes. Gemini's prompt includes what came from a cache, its candidates exclude the thoughts. */
export function decodeUsage(value: JsonValue | undefined): Usage | undefined {
  if (!isObject(value)) return undefined;
  // What its own tools brought in stands beside the prompt.
  const input = countOf(value['promptTokenCount']) + countOf(value['toolUsePromptTokenCount']);
  const cacheRead = Math.min(input, countOf(value['cachedContentTokenCount']));
  return {
    inputTokens: input - cacheRead,
    cacheReadTokens: cacheRead,
    cacheWriteTokens: 0,
    outputTokens: countOf(value['candidatesTokenCount']),
    reasoningTokens: countOf(value['thoughtsTokenCount']),
  };
}

export function encodeUsage(usage: Usage): JsonObject {
  const { cacheReadTokens, outputTokens, reasoningTokens } = usage;
  return {
    promptTokenCount: totalInput(usage),
    ...(cacheReadTokens > 0 && { cachedContentTokenCount: cacheReadTokens }),
    candidatesTokenCount: outputTokens,
    ...(reasoningTokens > 0 && { thoughtsTokenCount: reasoningTokens }),
    totalTokenCount: totalInput(usage) + totalOutput(usage),
  };
}
