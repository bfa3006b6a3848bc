import {
  estimateInputTokens,
  NO_USAGE,
  operationOf,
  partialUsage,
  totalInput,
  type LlmCompletion,
  type LlmRequest,
  type StreamPart,
  type Usage,
} from '@x/core';

/** What an answer used, as its provider counted it; else as it is estimated from its length. */
export function usageOfAnswer(request: LlmRequest, response: LlmCompletion): Usage {
  if (response.usage !== undefined) return response.usage;
  const isText = operationOf(request.dialect) === 'chat';
  return usageOfPart(request, undefined, isText ? response.body.bytes.byteLength : 0);
}

/**
 * What came of an answer before it was left, or broke; also the whole of one whose provider counts nothing. Counting tokens costs none,
 * and of the calls that nobody translates nobody knows.
 */
export function usageOfPart(request: LlmRequest, reported: Usage | undefined, chars: number): Usage {
  const operation = operationOf(request.dialect);
  if (operation !== 'chat' && operation !== 'embeddings') return reported ?? NO_USAGE;
  const usage = partialUsage(reported, chars);
  return totalInput(usage) > 0 ? usage : { ...usage, inputTokens: estimateInputTokens(request.body.value) };
}

/** Characters that a provider generated for a part of a stream. */
export function charsOf(part: StreamPart): number {
  switch (part.type) {
    case 'text':
    case 'reasoning':
    case 'refusal':
      return part.text.length;
    case 'tool-call':
      return part.name.length;
    case 'tool-arguments':
      return part.json.length;
    default:
      return 0;
  }
}
