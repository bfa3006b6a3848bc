/** What a Gemini model takes, as far as a translated request needs to know. */
export interface GeminiModel {
  /** How it is told how hard to think: in tokens, in words, or not at all. */
  readonly thinking: 'budget' | 'level' | 'none';
  /** The words, from the least to the most. */
  readonly levels: readonly string[];
  /** The fewest tokens of thought; 0 where thinking can be switched off. */
  readonly leastBudget: number;
  /** Whether it refuses its own calls without the signatures that it gave them. */
  readonly signsCalls: boolean;
}

const PLAIN: GeminiModel = { thinking: 'none', levels: [], leastBudget: 0, signsCalls: false };
const budget = (leastBudget: number): GeminiModel => ({ ...PLAIN, thinking: 'budget', leastBudget });
const levels = (...words: readonly string[]): GeminiModel => ({
  ...PLAIN,
  thinking: 'level',
  levels: words,
  signsCalls: true,
});

/** By the beginning of the model's name, the longest match first. Source: ai.google.dev, thinking and OpenAI pages (2026). */
const MODELS: readonly (readonly [prefix: string, model: GeminiModel])[] = [
  ['gemini-1', PLAIN],
  ['gemini-2.0', PLAIN],
  ['gemini-2.5', budget(0)],
  ['gemini-2.5-pro', budget(128)],
  ['gemini-3-pro', levels('low', 'high')],
  ['gemini-3-flash', levels('minimal', 'low', 'medium', 'high')],
  // A model that is not known yet is taken for one like the newest.
  ['gemini-', levels('low', 'medium', 'high')],
];

export function geminiModel(name: string): GeminiModel {
  const bare = name.slice(name.lastIndexOf('/') + 1);
  let found: readonly [string, GeminiModel] | undefined;
  for (const row of MODELS) {
    if (bare.startsWith(row[0]) && row[0].length > (found?.[0].length ?? 0)) found = row;
  }
  return found?.[1] ?? PLAIN;
}
