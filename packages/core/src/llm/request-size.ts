import { operationOf } from './dialect.ts';
import { estimateInputTokens } from './estimate-tokens.ts';

/** What is known of a request before it is sent. */
export interface RequestSize {
  /** Estimated. */
  readonly inputTokens: number;
  /** As the caller set it. */
  readonly maxTokens: number | undefined;
  /** Answers that are asked for at once. */
  readonly answers: number;
}

const UNKNOWN_SIZE: RequestSize = { inputTokens: 1, maxTokens: undefined, answers: 1 };

type Body = Readonly<Record<string, unknown>>;

/**
 * Members that bound an answer, of the dialects that name them otherwise. Only those of the request's own count: a provider that does
 * not know one writes on.
 */
const MAX_TOKENS: Readonly<Record<string, readonly string[]>> = {
  'openai.chat': ['max_completion_tokens', 'max_tokens'],
  'openai.responses': ['max_output_tokens'],
  'anthropic.messages': ['max_tokens'],
  'cohere.chat': ['max_tokens'],
  'gemini.generate': ['maxOutputTokens'],
  'bedrock.converse': ['maxTokens'],
};
const ANY_MAX_TOKENS = [...new Set(Object.values(MAX_TOKENS).flat())];

/** Where dialects keep what is about the answer, if not beside the rest. */
const SETTINGS: Readonly<Record<string, string>> = {
  'gemini.generate': 'generationConfig',
  'bedrock.converse': 'inferenceConfig',
};

/** How large a request is, by its body where it has one. */
export function requestSizeOf(request: unknown): RequestSize {
  const body = bodyOf(request);
  if (body === undefined || isCount(request)) return UNKNOWN_SIZE;
  const dialect = isRecord(request) && typeof request['dialect'] === 'string' ? request['dialect'] : '';
  return {
    inputTokens: estimateInputTokens(body),
    maxTokens: maxTokensOf(body, dialect),
    // Where both are set, one of them means nothing to the provider, and nobody here knows which.
    answers: Math.max(amount(body['n']) ?? 1, amount(memberOf(body['generationConfig'], 'candidateCount')) ?? 1),
  };
}

function maxTokensOf(body: Body, dialect: string): number | undefined {
  const names = MAX_TOKENS[dialect];
  if (names === undefined) {
    const settings = body['generationConfig'] ?? body['inferenceConfig'];
    return largest(ANY_MAX_TOKENS, body) ?? largest(ANY_MAX_TOKENS, settings);
  }
  const place = SETTINGS[dialect];
  return largest(names, place === undefined ? body : body[place]);
}

/** Where several are set, some provider heeds the largest. */
function largest(names: readonly string[], of: unknown): number | undefined {
  if (!isRecord(of)) return undefined;
  let most: number | undefined;
  for (const name of names) {
    const value = amount(of[name]);
    if (value !== undefined && (most === undefined || value > most)) most = value;
  }
  return most;
}

/** Counting tokens costs none. */
function isCount(request: unknown): boolean {
  const dialect = isRecord(request) ? request['dialect'] : undefined;
  return typeof dialect === 'string' && operationOf(dialect) === 'count_tokens';
}

function bodyOf(request: unknown): Body | undefined {
  if (!isRecord(request) || !isRecord(request['body'])) return undefined;
  const { value } = request['body'];
  return isRecord(value) ? value : undefined;
}

function memberOf(value: unknown, name: string): unknown {
  return isRecord(value) ? value[name] : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function amount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && value >= 1 ? value : undefined;
}
