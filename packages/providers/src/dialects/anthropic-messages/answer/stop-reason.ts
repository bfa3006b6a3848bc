import type { FinishReason, JsonValue } from '@x/core';

const DECODED: ReadonlyMap<unknown, FinishReason> = new Map<unknown, FinishReason>([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['max_tokens', 'length'],
  ['model_context_window_exceeded', 'length'],
  ['tool_use', 'tool_calls'],
  ['refusal', 'content_filter'],
]);

const ENCODED: Readonly<Record<FinishReason, string>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool_calls: 'tool_use',
  content_filter: 'refusal',
  other: 'end_turn',
};

export function decodeStopReason(reason: JsonValue | undefined): FinishReason | undefined {
  return typeof reason === 'string' ? (DECODED.get(reason) ?? 'other') : undefined;
}

export function encodeStopReason(reason: FinishReason | undefined): string {
  return ENCODED[reason ?? 'stop'];
}
