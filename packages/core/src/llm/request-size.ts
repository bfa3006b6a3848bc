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

/** Members that bound an answer, in the dialects that there are. */
const MAX_TOKENS = ['max_completion_tokens', 'max_tokens', 'max_output_tokens'] as const;

/** How large a request is, by its body where it has one. */
export function requestSizeOf(request: unknown): RequestSize {
  const body = bodyOf(request);
  if (body === undefined) return UNKNOWN_SIZE;
  return {
    inputTokens: estimateInputTokens(body),
    maxTokens:
      MAX_TOKENS.map((name) => amount(body[name])).find((value) => value !== undefined) ??
      // Gemini's and Bedrock's.
      amount(memberOf(body['generationConfig'], 'maxOutputTokens')) ??
      amount(memberOf(body['inferenceConfig'], 'maxTokens')),
    answers: amount(body['n']) ?? amount(memberOf(body['generationConfig'], 'candidateCount')) ?? 1,
  };
}

function bodyOf(request: unknown): Readonly<Record<string, unknown>> | undefined {
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
