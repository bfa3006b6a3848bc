import { totalInput, totalOutput, type JsonObject, type JsonValue, type Usage } from '@x/core';
import { countOf, isObject, objectOf } from '../../../json/read.ts';

/** Token counts in disjoint classes. OpenAI's totals include the cached and the reasoning ones. */
export function decodeUsage(value: JsonValue | undefined): Usage | undefined {
  if (!isObject(value)) return undefined;
  const input = objectOf(value['prompt_tokens_details']);
  const output = objectOf(value['completion_tokens_details']);
  const prompt = countOf(value['prompt_tokens']);
  const completion = countOf(value['completion_tokens']);
  // DeepSeek and SGLang have names of their own.
  const cacheRead = Math.min(prompt, countOf(input['cached_tokens'] ?? value['prompt_cache_hit_tokens']));
  const cacheWrite = Math.min(prompt - cacheRead, countOf(input['cache_write_tokens']));
  const reasoning = countOf(output['reasoning_tokens'] ?? value['reasoning_tokens']);
  // xAI counts reasoning beside the completion, which shows in its total.
  const beside = reasoning > 0 && countOf(value['total_tokens']) === prompt + completion + reasoning;
  return {
    inputTokens: prompt - cacheRead - cacheWrite,
    cacheReadTokens: cacheRead,
    cacheWriteTokens: cacheWrite,
    outputTokens: beside ? completion : Math.max(0, completion - reasoning),
    reasoningTokens: beside ? reasoning : Math.min(completion, reasoning),
  };
}

export function encodeUsage(usage: Usage): JsonObject {
  const input = totalInput(usage);
  const output = totalOutput(usage);
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: { cached_tokens: usage.cacheReadTokens, cache_write_tokens: usage.cacheWriteTokens },
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens },
  };
}
