import type { StyleName } from '@x/simulator';

/** What a request is charged by. */
export interface Size {
  readonly inputTokens: number;
  readonly maxTokens: number | undefined;
}

/** How much of one limit a request needs to be admitted, and how much it takes in the end. */
export interface Amounts {
  readonly needed: number;
  readonly taken: number;
}

type Count = (size: Size, outputTokens: number) => Amounts;

const all = (amount: number): Amounts => ({ needed: amount, taken: amount });

/** Tokens per minute, by style; the rule of the simulator and of the providers' documentation. Styles that no scenario limits by tokens are absent. */
const TOKENS: Partial<Record<StyleName, Count>> = {
  openai: ({ inputTokens, maxTokens = 0 }) => all(Math.max(inputTokens, maxTokens)),
  azure: ({ inputTokens, maxTokens = 0 }) => all(inputTokens + maxTokens),
  groq: ({ inputTokens, maxTokens = 0 }) => all(inputTokens + maxTokens),
  bedrock: ({ inputTokens, maxTokens = 0 }, outputTokens) => ({
    needed: inputTokens + maxTokens,
    taken: inputTokens + outputTokens,
  }),
};

/** What a request takes of each per-minute limit. */
export const COUNTS = {
  rpm: () => () => all(1),
  tpm: (style: StyleName) => {
    const count = TOKENS[style];
    if (count === undefined) throw new Error(`the ideal of a ${style} provider with tpm is not known`);
    return count;
  },
  itpm:
    () =>
    ({ inputTokens }: Size) =>
      all(inputTokens),
  /** Output counts as it is produced: a request needs none of it in advance. */
  otpm: () => (_size: Size, outputTokens: number) => ({ needed: 0, taken: outputTokens }),
} as const satisfies Record<string, (style: StyleName) => Count>;
