import type { FinishReason, JsonValue } from '@x/core';

const DECODED: ReadonlyMap<unknown, FinishReason> = new Map<unknown, FinishReason>([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['tool_use', 'tool_calls'],
  ['guardrail_intervened', 'content_filter'],
  ['content_filtered', 'content_filter'],
]);

const ENCODED: Readonly<Record<FinishReason, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool_calls: 'tool_use',
  content_filter: 'content_filtered',
  other: 'end_turn',
};

/** With these the model failed to write an answer that can be used; another try may do better. */
const FAILURES: ReadonlySet<string> = new Set(['malformed_model_output', 'malformed_tool_use']);

export function stopFailure(reason: JsonValue | undefined): JsonValue | undefined {
  if (typeof reason !== 'string' || !FAILURES.has(reason)) return undefined;
  return { message: `ended with stopReason "${reason}"` };
}

export function decodeStopReason(reason: JsonValue | undefined): FinishReason | undefined {
  return typeof reason === 'string' ? (DECODED.get(reason) ?? 'other') : undefined;
}

export function encodeStopReason(reason: FinishReason | undefined): string {
  return ENCODED[reason ?? 'stop'];
}
