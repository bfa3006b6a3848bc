/** Tokens of one answer in classes that never overlap, so that no token is counted or priced twice. */
export interface Usage {
  /** Prompt tokens that were neither read from nor written to a cache. */
  readonly inputTokens: number;
  readonly cacheReadTokens: number;
  readonly cacheWriteTokens: number;
  /**
   * Those of `cacheWriteTokens` that are kept for an hour instead of minutes, which costs more where a provider has both.
   * @default 0
   */
  readonly longCacheWriteTokens?: number | undefined;
  /** Generated tokens without the reasoning ones. */
  readonly outputTokens: number;
  readonly reasoningTokens: number;
}

export const NO_USAGE: Usage = {
  inputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
};

export function totalInput(usage: Usage): number {
  return usage.inputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
}

export function totalOutput(usage: Usage): number {
  return usage.outputTokens + usage.reasoningTokens;
}

/** Class by class, for an answer that several targets contributed to. */
export function addUsage(a: Usage, b: Usage): Usage {
  const longCacheWriteTokens = (a.longCacheWriteTokens ?? 0) + (b.longCacheWriteTokens ?? 0);
  return {
    inputTokens: a.inputTokens + b.inputTokens,
    cacheReadTokens: a.cacheReadTokens + b.cacheReadTokens,
    cacheWriteTokens: a.cacheWriteTokens + b.cacheWriteTokens,
    ...(longCacheWriteTokens > 0 && { longCacheWriteTokens }),
    outputTokens: a.outputTokens + b.outputTokens,
    reasoningTokens: a.reasoningTokens + b.reasoningTokens,
  };
}

/** Characters of a token, for what was said without a count. */
const CHARS_PER_TOKEN = 4;

/**
 * What an answer has cost that did not come to its end. Providers count output at the end, so what came without a count is estimated
 * from its characters; input counts as far as the provider told it.
 */
export function partialUsage(reported: Usage | undefined, chars: number): Usage {
  const usage = reported ?? NO_USAGE;
  return { ...usage, outputTokens: Math.max(usage.outputTokens, Math.ceil(chars / CHARS_PER_TOKEN)) };
}
