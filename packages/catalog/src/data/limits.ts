/** What an answer and a conversation can be as long as, in tokens. */
export interface Limits {
  readonly maxOutputTokens: number;
  readonly contextWindow?: number;
}

/**
 * What the price data does not say, by the beginning of the name after any vendor or path; the first match counts. Open models are
 * missing on purpose: each host cuts their answers where it likes. Sources, all of 2026-11: the model pages of platform.openai.com,
 * platform.claude.com, ai.google.dev and docs.aws.amazon.com (Nova), api-docs.deepseek.com, docs.cohere.com, console.groq.com.
 */
const LIMITS: readonly (readonly [name: RegExp, limits: Limits])[] = [
  [/^gpt-3\.5-turbo/, { maxOutputTokens: 4_096 }],
  [/^gpt-35-turbo/, { maxOutputTokens: 4_096 }],
  [/^gpt-4o-2024-05-13/, { maxOutputTokens: 4_096 }],
  [/^gpt-4o/, { maxOutputTokens: 16_384 }],
  [/^gpt-4\.1/, { maxOutputTokens: 32_768 }],
  [/^gpt-4-(?:turbo|1106|0125|vision)/, { maxOutputTokens: 4_096 }],
  [/^gpt-4(?:-0613|-0314)?$/, { maxOutputTokens: 8_192 }],
  [/^gpt-5(?:\.\d)?-chat/, { maxOutputTokens: 16_384 }],
  [/^gpt-5-pro/, { maxOutputTokens: 272_000 }],
  [/^gpt-[56]/, { maxOutputTokens: 128_000 }],
  [/^gpt-audio/, { maxOutputTokens: 16_384 }],
  [/^o1-(?:mini)/, { maxOutputTokens: 65_536 }],
  [/^o1-preview/, { maxOutputTokens: 32_768 }],
  [/^o[134]/, { maxOutputTokens: 100_000 }],
  [/^claude-(?:2|instant|v1|v2)/, { maxOutputTokens: 4_096 }],
  [/^claude-3-5/, { maxOutputTokens: 8_192 }],
  [/^claude-3-7/, { maxOutputTokens: 128_000 }],
  [/^claude-3/, { maxOutputTokens: 4_096 }],
  [/^claude-(?:opus|sonnet|haiku)-4-5/, { maxOutputTokens: 64_000 }],
  [/^claude-(?:opus|sonnet)-4-[6-9]/, { maxOutputTokens: 128_000 }],
  [/^claude-opus-4/, { maxOutputTokens: 32_000 }],
  [/^claude-sonnet-4/, { maxOutputTokens: 64_000 }],
  [/^claude-/, { maxOutputTokens: 128_000 }],
  [/^gemini-(?:1\.5|2\.0)/, { maxOutputTokens: 8_192 }],
  [/^gemini-(?:2\.5|3)(?:\.\d)?-pro/, { maxOutputTokens: 65_536, contextWindow: 1_048_576 }],
  [/^gemini-(?:2\.5|3)/, { maxOutputTokens: 65_536 }],
  [/^nova-(?:lite|micro|pro|premier)/, { maxOutputTokens: 10_000 }],
  [/^deepseek-chat/, { maxOutputTokens: 8_192, contextWindow: 131_072 }],
  [/^deepseek-reasoner/, { maxOutputTokens: 65_536, contextWindow: 131_072 }],
  [/^deepseek-v4/, { maxOutputTokens: 393_216, contextWindow: 1_000_000 }],
  [/^command-a-03/, { maxOutputTokens: 8_192, contextWindow: 256_000 }],
  [/^command-r/, { maxOutputTokens: 4_096, contextWindow: 128_000 }],
  [/^llama-3\.3-70b-versatile/, { maxOutputTokens: 32_768, contextWindow: 131_072 }],
  [/^llama-3\.1-8b-instant/, { maxOutputTokens: 131_072, contextWindow: 131_072 }],
];

/** Everything before the family: paths, `us.anthropic.`, `anthropic.`, `amazon.`, the mark of a fine-tuned model. */
const BEFORE = /^(?:.*\/)?(?:[a-z-]+\.)*?(?=gpt|o\d|claude|gemini|nova|deepseek|command|llama)|^ft:/;

export function limitsOf(model: string): Limits | undefined {
  const name = model.trim().toLowerCase().replace(BEFORE, '');
  return LIMITS.find(([pattern]) => pattern.test(name))?.[1];
}
