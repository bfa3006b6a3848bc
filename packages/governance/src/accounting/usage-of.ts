import {
  estimateInputTokens,
  partialUsage,
  totalInput,
  type LlmCompletion,
  type LlmRequest,
  type StreamPart,
  type Usage,
} from '@x/core';

/** What an answer used, as its provider counted it; else as it is estimated from its length. */
export function usageOfAnswer(request: LlmRequest, response: LlmCompletion): Usage {
  return response.usage ?? usageOfPart(request, undefined, response.body.bytes.byteLength);
}

/** What came of an answer before it was left, or broke; also the whole of one whose provider counts nothing. */
export function usageOfPart(request: LlmRequest, reported: Usage | undefined, chars: number): Usage {
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
