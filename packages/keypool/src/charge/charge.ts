import { totalInput, totalOutput, type RequestSize, type Usage } from '@x/core';
import type { ChargeStyle } from '../limits/profile.ts';
import type { Cost } from '../room/cost.ts';

/** Tokens that Bedrock reserves where the caller sets no maximum: what most of its models can write. */
const RESERVED_UNSET = 4_096;

/** What a provider charges at admission. Table in docs/limits.md. */
export function admissionCost(style: ChargeStyle, size: RequestSize, usualOutput: number): Cost {
  const { inputTokens, maxTokens = 0, answers } = size;
  switch (style) {
    case 'requests':
    case 'slot':
      return { requests: 1, tokens: 0, inputTokens: 0, outputTokens: 0 };
    case 'max':
      return { requests: 1, tokens: Math.max(inputTokens, maxTokens), inputTokens, outputTokens: 0 };
    case 'sum':
      return { requests: 1, tokens: inputTokens + maxTokens * answers, inputTokens, outputTokens: 0 };
    case 'input':
      return { requests: 1, tokens: inputTokens, inputTokens, outputTokens: 0 };
    case 'input-live': {
      const outputTokens = Math.min(usualOutput, size.maxTokens ?? Infinity);
      return { requests: 1, tokens: inputTokens + outputTokens, inputTokens, outputTokens };
    }
    case 'reserve': {
      const tokens = inputTokens + (size.maxTokens ?? RESERVED_UNSET);
      return { requests: 1, tokens, inputTokens, outputTokens: 0 };
    }
  }
}

/**
 * How much more than that it was in the end, where the provider corrects its charge; undefined where what was charged stays. Output
 * tokens are whole here: until the end they are held, not charged.
 */
export function settlementDifference(style: ChargeStyle, charged: Cost, usage: Usage): Cost | undefined {
  if (style === 'input-live') {
    const inputTokens = usage.inputTokens + usage.cacheWriteTokens - charged.inputTokens;
    const outputTokens = totalOutput(usage);
    return { requests: 0, tokens: inputTokens + outputTokens - charged.outputTokens, inputTokens, outputTokens };
  }
  if (style !== 'reserve') return undefined;
  const tokens = usage.inputTokens + usage.cacheWriteTokens + totalOutput(usage) - charged.tokens;
  return { requests: 0, tokens, inputTokens: totalInput(usage) - charged.inputTokens, outputTokens: 0 };
}
