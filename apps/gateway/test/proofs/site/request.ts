import { requestSizeOf, worstCost, type JsonObject } from '@x/core';

/** A model that no catalogue knows, so that its price is ours alone. */
export const MODEL = 'openai/proof';

/** Tokens that each answer has, and is allowed to have. */
export const ANSWER_TOKENS = 20;

/** USD per million tokens, in a configuration. */
export const PRICE = { input: 1, output: 4 } as const;

const NANO_USD_PER_TOKEN = 1_000;

/** What a caller sends. */
export function bodyOf(stream: boolean): JsonObject {
  return {
    model: MODEL,
    max_tokens: ANSWER_TOKENS,
    messages: [{ role: 'user', content: 'Summarize this ticket.' }],
    ...(stream && { stream }),
  };
}

/** As governance takes it: half as long again as estimated, and a few tokens more. */
const INPUT_MARGIN = 1.5;
const SHORT_PROMPT_TOKENS = 16;

/** Nano-USD that strict admission reserves for one request. */
export function reservedFor(stream: boolean): number {
  const { inputTokens } = requestSizeOf({ dialect: 'openai.chat', body: { value: bodyOf(stream) } });
  const [input, output] = [PRICE.input * NANO_USD_PER_TOKEN, PRICE.output * NANO_USD_PER_TOKEN];
  const price = {
    inputTokens: input,
    cacheReadTokens: input,
    cacheWriteTokens: input,
    outputTokens: output,
    reasoningTokens: output,
  };
  return worstCost(price, {
    inputTokens: Math.ceil(inputTokens * INPUT_MARGIN) + SHORT_PROMPT_TOKENS,
    maxOutputTokens: ANSWER_TOKENS,
  });
}

/** Nano-USD as a configuration says it. */
export function usd(nanoUsd: number): number {
  return Math.round(nanoUsd) / 1_000_000_000;
}
