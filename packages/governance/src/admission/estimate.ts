import { worstCost, type ModelFacts, type ModelPrice, type RequestSize } from '@x/core';
import type { Demand } from '@x/store';

/** What is reserved for a request. */
export interface Bounds {
  readonly size: RequestSize;
  readonly facts: ModelFacts | undefined;
  readonly price: ModelPrice | undefined;
  /** Part of the estimate that the prompt may have in truth, such as 1.5. */
  readonly inputMargin: number;
  /** Tokens that one answer is expected to have; undefined to reserve the worst case. */
  readonly expectedOutput: number | undefined;
  /** Whether there is an answer in tokens at all: embeddings have none. */
  readonly hasOutput: boolean;
}

/** Tokens that no estimate of a short prompt is off by more than. */
const SHORT_PROMPT_TOKENS = 16;

/** What to take for one request; undefined where nobody can say how long its answer becomes. Pure. */
export function demandOf({ size, facts, price, inputMargin, expectedOutput, hasOutput }: Bounds): Demand | undefined {
  const inputTokens = Math.ceil(size.inputTokens * inputMargin) + SHORT_PROMPT_TOKENS;
  const output = hasOutput ? outputOf(size, facts, expectedOutput) : 0;
  if (output === undefined) return undefined;
  const maxOutputTokens = Math.ceil(output * size.answers);
  return {
    requests: 1,
    tokens: inputTokens + maxOutputTokens,
    cost: price === undefined ? 0 : worstCost(price, { inputTokens, maxOutputTokens }),
  };
}

/** Of one answer: what the caller set as its maximum, or the model's own, or all that fits into its window. */
function outputOf(size: RequestSize, facts: ModelFacts | undefined, expected: number | undefined): number | undefined {
  const own = facts?.maxOutputTokens ?? facts?.contextWindow;
  const worst = Math.min(size.maxTokens ?? Infinity, own ?? Infinity);
  const output = Math.min(worst, expected ?? Infinity);
  return output === Infinity ? undefined : output;
}
