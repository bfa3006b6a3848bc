import type { FinishReason, JsonValue } from '@x/core';

const DECODED: ReadonlyMap<unknown, FinishReason> = new Map<unknown, FinishReason>([
  ['COMPLETE', 'stop'],
  ['STOP_SEQUENCE', 'stop'],
  ['MAX_TOKENS', 'length'],
  ['TOOL_CALL', 'tool_calls'],
]);

/** With these the generation failed; another try may do better. */
const FAILURES: ReadonlySet<unknown> = new Set(['ERROR', 'TIMEOUT']);

export function finishFailure(reason: JsonValue | undefined, why?: JsonValue): JsonValue | undefined {
  if (typeof reason !== 'string' || !FAILURES.has(reason)) return undefined;
  return { message: typeof why === 'string' && why !== '' ? why : `ended with finish_reason "${reason}"` };
}

export function decodeFinishReason(reason: JsonValue | undefined): FinishReason | undefined {
  return typeof reason === 'string' ? (DECODED.get(reason) ?? 'other') : undefined;
}
