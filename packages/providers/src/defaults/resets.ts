import type { ResetFormat, ResetHeader } from '@x/core';

/** The same header name has other units at other providers, so each has rows of its own. Sources: the providers' rate-limit pages, 2026. */
const openaiStyle = (limits: readonly string[], format: ResetFormat): readonly ResetHeader[] =>
  limits.map((limit) => ({ remaining: `x-ratelimit-remaining-${limit}`, reset: `x-ratelimit-reset-${limit}`, format }));

export const NO_RESETS: readonly ResetHeader[] = [];

export const OPENAI_RESETS = openaiStyle(['requests', 'tokens', 'project-tokens'], 'duration');
export const GROQ_RESETS = openaiStyle(['requests', 'tokens'], 'duration');
export const AZURE_RESETS = openaiStyle(['requests', 'tokens'], 'seconds');
export const CEREBRAS_RESETS = openaiStyle(['requests-day', 'tokens-minute'], 'seconds');

export const ANTHROPIC_RESETS: readonly ResetHeader[] = ['requests', 'tokens', 'input-tokens', 'output-tokens'].map(
  (limit) => ({
    remaining: `anthropic-ratelimit-${limit}-remaining`,
    reset: `anthropic-ratelimit-${limit}-reset`,
    format: 'date',
  }),
);

export const TOGETHER_RESETS: readonly ResetHeader[] = [
  { remaining: 'x-ratelimit-remaining', reset: 'x-ratelimit-reset', format: 'seconds' },
];

export const OPENROUTER_RESETS: readonly ResetHeader[] = [
  { remaining: 'x-ratelimit-remaining', reset: 'x-ratelimit-reset', format: 'epoch-ms' },
];

/** Documented nowhere, but its own client waits by it. */
export const COHERE_RESETS: readonly ResetHeader[] = [
  { remaining: 'x-ratelimit-remaining', reset: 'x-ratelimit-reset', format: 'epoch-seconds' },
];
