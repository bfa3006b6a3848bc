import { addUsage, NO_USAGE, type AnswerShare, type Usage } from '@x/core';

/** Characters of a token, for what was said without a count. */
const CHARS_PER_TOKEN = 4;

/**
 * What a part of an answer that broke has cost. Providers count output at the end, so what came without a count is estimated; input
 * counts as far as the provider told it.
 */
export function brokenUsage(reported: Usage | undefined, chars: number): Usage {
  const usage = reported ?? NO_USAGE;
  return { ...usage, outputTokens: Math.max(usage.outputTokens, Math.ceil(chars / CHARS_PER_TOKEN)) };
}

export function sumOf(parts: readonly AnswerShare[], last: Usage | undefined): Usage | undefined {
  if (parts.length === 0) return last;
  return parts.reduce((sum, { usage }) => addUsage(sum, usage), last ?? NO_USAGE);
}
