/** What is known of a call when it arrives. */
export interface CallSize {
  /** Estimated from characters. */
  readonly inputTokens: number;
  /** As the caller set it. */
  readonly maxTokens: number | undefined;
  /** The most that the model can write. */
  readonly modelMaxTokens: number;
}

/** How much of each limit one request takes. */
export interface Charge {
  readonly requests: number;
  /** Of limits that count all tokens together. */
  readonly tokens: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** How a provider charges tokens: a number at admission, and what it really was at the end. */
interface ChargeRule {
  readonly admitted: (size: CallSize) => number;
  /** Absent: what was charged at admission stays. `burndown` is how many tokens of quota one token of output costs. */
  readonly settled?: (size: CallSize, outputTokens: number, burndown: number) => number;
}

/** From each provider's documentation of its limits; what stands here is the whole difference between them. */
const RULES = {
  /** The larger of max_tokens and an estimate from the character count. Never given back. */
  openai: { admitted: ({ inputTokens, maxTokens = 0 }) => Math.max(inputTokens, maxTokens) },
  /** The sum of both. Never given back: the counter starts anew with the minute. */
  azure: { admitted: ({ inputTokens, maxTokens = 0 }) => inputTokens + maxTokens },
  groq: { admitted: ({ inputTokens, maxTokens = 0 }) => inputTokens + maxTokens },
  /** Input at the start, output as it was really produced; max_tokens has no effect. */
  anthropic: {
    admitted: ({ inputTokens }) => inputTokens,
    settled: ({ inputTokens }, outputTokens) => inputTokens + outputTokens,
  },
  /** Reserves as much as the answer may become: unset, that is all that the model can write. Settled at the end. */
  bedrock: {
    admitted: ({ inputTokens, maxTokens, modelMaxTokens }) => inputTokens + (maxTokens ?? modelMaxTokens),
    settled: ({ inputTokens }, outputTokens, burndown) => inputTokens + outputTokens * burndown,
  },
  /** Input only. */
  gemini: { admitted: ({ inputTokens }) => inputTokens },
  /** Tokens do not count: DeepSeek limits concurrent calls alone. */
  none: { admitted: () => 0 },
} as const satisfies Record<string, ChargeRule>;

export type ChargeStyle = keyof typeof RULES;

export const CHARGE_STYLES = Object.keys(RULES) as [ChargeStyle, ...ChargeStyle[]];

export function chargeAtAdmission(style: ChargeStyle, size: CallSize): Charge {
  return { requests: 1, tokens: RULES[style].admitted(size), inputTokens: size.inputTokens, outputTokens: 0 };
}

/** What is left to take at the end; negative numbers give back. */
export function chargeAtSettlement(
  style: ChargeStyle,
  size: CallSize,
  result: { readonly outputTokens: number; readonly burndown: number },
): Charge {
  const rule: ChargeRule = RULES[style];
  const settled = rule.settled?.(size, result.outputTokens, result.burndown);
  const tokens = settled === undefined ? 0 : settled - rule.admitted(size);
  return { requests: 0, tokens, inputTokens: 0, outputTokens: result.outputTokens };
}
