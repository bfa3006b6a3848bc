import type { JsonValue, Usage } from '@x/core';
import { decodeUsage } from '../../dialects/openai-chat/answer/usage.ts';
import { isObject } from '../../json/read.ts';

/** Token counts of any of OpenAI's endpoints: images and transcriptions name them as responses do, completions as chats do. */
export function readUsage(value: JsonValue | undefined): Usage | undefined {
  if (!isObject(value)) return undefined;
  const { input_tokens: input, output_tokens: output } = value;
  if (input === undefined && output === undefined) {
    return value['prompt_tokens'] === undefined && value['total_tokens'] === undefined
      ? undefined
      : decodeUsage(asChat(value));
  }
  return decodeUsage({
    prompt_tokens: input,
    completion_tokens: output,
    prompt_tokens_details: value['input_tokens_details'],
    completion_tokens_details: value['output_tokens_details'],
  });
}

/** What only reads, such as a reranker, tells a total alone. */
function asChat(value: Readonly<Record<string, JsonValue | undefined>>) {
  return value['prompt_tokens'] === undefined ? { ...value, prompt_tokens: value['total_tokens'] } : value;
}
