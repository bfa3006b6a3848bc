/** What a Claude model takes, as far as a translated request needs to know. */
export interface ClaudeModel {
  /** The most tokens one answer may have: sent where the caller gave no limit, since Anthropic wants one. */
  readonly maxTokens: number;
  /** Whether `output_config.format` is understood. */
  readonly schemas: boolean;
  /** Whether `temperature`, `top_p` and `top_k` are. */
  readonly sampling: boolean;
  /** Whether a tool may be forced. */
  readonly forcedTools: boolean;
  /** Whether it goes on from an assistant message at the end. */
  readonly prefill: boolean;
  /** The levels of `output_config.effort`; none where it is an error. */
  readonly efforts: readonly string[];
}

const LEVELS = ['low', 'medium', 'high'] as const;
const MAX = [...LEVELS, 'max'] as const;
const ALL = [...LEVELS, 'xhigh', 'max'] as const;

const older = (maxTokens: number): ClaudeModel => ({
  maxTokens,
  schemas: false,
  sampling: true,
  forcedTools: true,
  prefill: true,
  efforts: [],
});
const NEWEST: ClaudeModel = {
  maxTokens: 128_000,
  schemas: true,
  sampling: false,
  forcedTools: false,
  prefill: false,
  efforts: ALL,
};

/**
 * By the beginning of the model's name, the longest match first. Sources: the model pages of platform.claude.com (2026-11), and
 * what the clients that are kept up to date know of rejected parameters.
 */
const MODELS: readonly (readonly [prefix: string, model: ClaudeModel])[] = [
  ['claude-2', older(4_096)],
  ['claude-instant', older(4_096)],
  ['claude-3-5', older(8_192)],
  ['claude-3-7', older(64_000)],
  ['claude-3', older(4_096)],
  ['claude-opus-4-1', { ...older(32_000), schemas: true }],
  ['claude-opus-4-5', { ...older(64_000), schemas: true, efforts: LEVELS }],
  ['claude-opus-4-6', { ...older(128_000), schemas: true, prefill: false, efforts: MAX }],
  ['claude-opus-4-7', { ...NEWEST, forcedTools: true }],
  ['claude-opus-4-8', { ...NEWEST, forcedTools: true }],
  ['claude-opus-4', older(32_000)],
  ['claude-sonnet-4-5', { ...older(64_000), schemas: true }],
  ['claude-sonnet-4-6', { ...older(128_000), schemas: true, prefill: false, efforts: MAX }],
  ['claude-sonnet-4', older(64_000)],
  ['claude-haiku-4-5', { ...older(64_000), schemas: true }],
  ['claude-opus-5-5', NEWEST],
  ['claude-opus-5', { ...NEWEST, forcedTools: true }],
  ['claude-sonnet-5-5', NEWEST],
  ['claude-sonnet-5', { ...NEWEST, forcedTools: true }],
  ['claude-fable-5-1', NEWEST],
  ['claude-fable-5', { ...NEWEST, forcedTools: true }],
  // A model that is not known yet is taken for one like the newest.
  ['claude-', NEWEST],
];

/** For models that are not Claude's, behind an endpoint that speaks this dialect. */
const UNKNOWN: ClaudeModel = { ...older(4_096), prefill: false };

export function claudeModel(name: string): ClaudeModel {
  let found: readonly [string, ClaudeModel] | undefined;
  for (const row of MODELS) {
    if (name.startsWith(row[0]) && row[0].length > (found?.[0].length ?? 0)) found = row;
  }
  return found?.[1] ?? UNKNOWN;
}
