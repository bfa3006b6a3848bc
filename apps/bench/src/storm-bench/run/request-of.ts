import { createLlmRequest, JsonBody, type LlmRequest } from '@x/core';
import type { Arrival } from '../arrivals/arrivals.ts';

/** What the simulator, and every estimate, takes for one token. */
const CHARS_PER_TOKEN = 4;
const SENTENCE = 'Please summarize the following ticket for the support team in plain words. ';
/** Long enough for any size that a scenario asks for, 16,000 tokens. */
const TEXT = SENTENCE.repeat(Math.ceil(64_000 / SENTENCE.length));

/** A caller's body, as it comes over the wire. */
export function bodyOf({ inputTokens, maxTokens }: Arrival, [model, ...fallbacks]: readonly string[]) {
  const content = TEXT.slice(0, inputTokens * CHARS_PER_TOKEN);
  return {
    model: model as string,
    messages: [{ role: 'user', content }],
    ...(maxTokens === undefined ? {} : { max_tokens: maxTokens }),
    ...(fallbacks.length === 0 ? {} : { fallbacks }),
  };
}

export function requestOf(arrival: Arrival, chain: readonly string[]): LlmRequest {
  return createLlmRequest({ dialect: 'openai.chat', body: JsonBody.of(bodyOf(arrival, chain)) });
}
