/** What one request takes of a lane's limits, as the provider charges it at admission. */
export interface Cost {
  readonly requests: number;
  /** Of limits that count all tokens together. */
  readonly tokens: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Tokens of the prompt as they were estimated, before the ratio of the model was applied. @default inputTokens */
  readonly estimatedTokens?: number;
}

export type Dimension = Exclude<keyof Cost, 'estimatedTokens'>;

export const DIMENSIONS: readonly Dimension[] = ['requests', 'tokens', 'inputTokens', 'outputTokens'];

/** A request whose tokens nobody counts. */
export const ONE_REQUEST: Cost = { requests: 1, tokens: 0, inputTokens: 0, outputTokens: 0 };

export const NOTHING: Cost = { requests: 0, tokens: 0, inputTokens: 0, outputTokens: 0 };

/** `a` and `times` times `b`. */
export function addCost(a: Cost, b: Cost, times: number): Cost {
  return {
    requests: a.requests + times * b.requests,
    tokens: a.tokens + times * b.tokens,
    inputTokens: a.inputTokens + times * b.inputTokens,
    outputTokens: a.outputTokens + times * b.outputTokens,
  };
}
