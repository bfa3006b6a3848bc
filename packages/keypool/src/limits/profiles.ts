import type { ResetFormat } from '@x/core';
import type { Dimension } from '../room/cost.ts';
import type { LimitHeader, LimitProfile } from './profile.ts';

// The same header name has other units and windows at other providers, so each has rows of its own.
// Sources: the providers' pages on rate limits, 2026.

type Row = Partial<LimitHeader> & { readonly format: ResetFormat };

const openaiStyle = (unit: string, dimension: Dimension, row: Row): LimitHeader => ({
  window: 'minute',
  ...row,
  dimension,
  limit: `x-ratelimit-limit-${unit}`,
  remaining: `x-ratelimit-remaining-${unit}`,
  reset: `x-ratelimit-reset-${unit}`,
});

const OPENAI: LimitProfile = {
  headers: [
    // Per day on low tiers: a reset far beyond a minute tells.
    openaiStyle('requests', 'requests', { format: 'duration', window: 'minute-or-day' }),
    openaiStyle('tokens', 'tokens', { format: 'duration' }),
    openaiStyle('project-requests', 'requests', { format: 'duration', window: 'minute-or-day' }),
    openaiStyle('project-tokens', 'tokens', { format: 'duration' }),
  ],
  charge: 'max',
};

const AZURE: LimitProfile = {
  headers: [
    openaiStyle('requests', 'requests', { format: 'seconds', resetGrainMs: 1_000 }),
    openaiStyle('tokens', 'tokens', { format: 'seconds', resetGrainMs: 1_000 }),
  ],
  charge: 'sum',
};

/** Requests per day, tokens per minute. */
const GROQ: LimitProfile = {
  headers: [
    openaiStyle('requests', 'requests', { format: 'duration', window: 'day' }),
    openaiStyle('tokens', 'tokens', { format: 'duration' }),
  ],
  charge: 'sum',
};

const anthropicRow = (unit: string, dimension: Dimension, grain: number): LimitHeader => ({
  dimension,
  window: 'minute',
  limit: `anthropic-ratelimit-${unit}-limit`,
  remaining: `anthropic-ratelimit-${unit}-remaining`,
  reset: `anthropic-ratelimit-${unit}-reset`,
  format: 'date',
  grain,
  resetGrainMs: 1_000,
});

/** `-tokens-` repeats whichever of the others is tightest, in units that are not told, so it is left out. */
const ANTHROPIC: LimitProfile = {
  headers: [
    anthropicRow('requests', 'requests', 1),
    anthropicRow('input-tokens', 'inputTokens', 1_000),
    anthropicRow('output-tokens', 'outputTokens', 1_000),
  ],
  charge: 'input-live',
};

const CEREBRAS: LimitProfile = {
  headers: [
    openaiStyle('requests-day', 'requests', { format: 'seconds', window: 'day', resets: 'window' }),
    openaiStyle('tokens-minute', 'tokens', { format: 'seconds', resets: 'window' }),
  ],
  charge: 'sum',
};

const mistralRow = (unit: string, dimension: Dimension, window: LimitHeader['window']): LimitHeader => ({
  dimension,
  window,
  limit: `x-ratelimit-limit-${unit}`,
  remaining: `x-ratelimit-remaining-${unit}`,
});

/** Observed, not documented. */
const MISTRAL: LimitProfile = {
  headers: [
    {
      ...mistralRow('req-minute', 'requests', 'minute'),
      reset: 'x-ratelimit-reset-req-minute',
      format: 'seconds',
      resets: 'window',
    },
    mistralRow('tokens-minute', 'tokens', 'minute'),
    mistralRow('tokens-5-minute', 'tokens', '5-minutes'),
    mistralRow('tokens-month', 'tokens', 'month'),
  ],
  charge: 'sum',
};

/** Per second, and moving with the use of late. */
const TOGETHER: LimitProfile = {
  headers: [
    {
      dimension: 'requests',
      window: 'second',
      limit: 'x-ratelimit-limit',
      remaining: 'x-ratelimit-remaining',
      reset: 'x-ratelimit-reset',
      format: 'seconds',
    },
    { dimension: 'tokens', window: 'second', limit: 'x-tokenlimit-limit', remaining: 'x-tokenlimit-remaining' },
  ],
  charge: 'sum',
};

const fireworksRow = (unit: string, dimension: Dimension): LimitHeader => ({
  dimension,
  window: 'minute',
  limit: `x-ratelimit-limit-tokens-${unit}`,
  remaining: `x-ratelimit-remaining-tokens-${unit}`,
});

/** Its page says per second, what was observed fits a minute; the third dimension, uncached prompt, is below the first. */
const FIREWORKS: LimitProfile = {
  headers: [fireworksRow('prompt', 'inputTokens'), fireworksRow('generated', 'outputTokens')],
  charge: 'input-live',
};

/** By user and model; what is left is told in requests. */
const GITHUB: LimitProfile = {
  headers: [
    {
      dimension: 'requests',
      window: 'minute-or-day',
      limit: 'x-ratelimit-limit-requests',
      remaining: 'x-ratelimit-remaining-requests',
    },
  ],
  charge: 'requests',
};

/** On free models only. */
const OPENROUTER: LimitProfile = {
  headers: [
    {
      dimension: 'requests',
      window: 'minute-or-day',
      limit: 'x-ratelimit-limit',
      remaining: 'x-ratelimit-remaining',
      reset: 'x-ratelimit-reset',
      format: 'epoch-ms',
      resets: 'window',
    },
  ],
  charge: 'requests',
};

const silent = (charge: LimitProfile['charge']): LimitProfile => ({ headers: [], charge });

/** Providers by name. Those that tell nothing have no headers: their limits are estimated from what they refuse. */
export const LIMIT_PROFILES = {
  openai: OPENAI,
  azure: AZURE,
  anthropic: ANTHROPIC,
  groq: GROQ,
  cerebras: CEREBRAS,
  mistral: MISTRAL,
  together: TOGETHER,
  fireworks: FIREWORKS,
  openrouter: OPENROUTER,
  gemini: silent('input'),
  'gemini-openai': silent('input'),
  vertex: silent('input'),
  bedrock: silent('reserve'),
  xai: silent('sum'),
  cohere: silent('sum'),
  perplexity: silent('requests'),
  nvidia: silent('requests'),
  deepseek: silent('slot'),
  nebius: FIREWORKS,
  github: GITHUB,
  huggingface: silent('requests'),
  sambanova: silent('requests'),
  cloudflare: silent('requests'),
  // One's own servers have no quota, only as many places as they have.
  ollama: silent('slot'),
  vllm: silent('slot'),
  sglang: silent('slot'),
  lmstudio: silent('slot'),
  llamacpp: silent('slot'),
} as const satisfies Record<string, LimitProfile>;

/** For a provider that nothing is known of. */
export const UNKNOWN_PROFILE: LimitProfile = silent('sum');

/** The profile of the first of these names that has one. */
export function limitProfile(...names: readonly string[]): LimitProfile {
  const known = names.find((name) => Object.hasOwn(LIMIT_PROFILES, name));
  return known === undefined ? UNKNOWN_PROFILE : LIMIT_PROFILES[known as keyof typeof LIMIT_PROFILES];
}
