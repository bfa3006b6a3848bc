import type { FinishReason, JsonValue } from '@x/core';

const DECODED: ReadonlyMap<unknown, FinishReason> = new Map<unknown, FinishReason>([
  ['stop', 'stop'],
  ['eos', 'stop'],
  ['length', 'length'],
  ['model_length', 'length'],
  ['tool_calls', 'tool_calls'],
  ['function_call', 'tool_calls'],
  ['content_filter', 'content_filter'],
]);

/** Finish reasons with which hosts say that they failed: OpenRouter and Mistral, DeepSeek, SGLang. */
const FAILURES: ReadonlySet<string> = new Set(['error', 'insufficient_system_resource', 'abort']);

export function isFailure(reason: JsonValue | undefined): reason is string {
  return typeof reason === 'string' && FAILURES.has(reason);
}

/** Google's surface says `stop` where the answer is a tool call. */
export function decodeFinishReason(reason: JsonValue | undefined, calledTools: boolean): FinishReason | undefined {
  if (typeof reason !== 'string') return undefined;
  const decoded = DECODED.get(reason) ?? 'other';
  return decoded === 'stop' && calledTools ? 'tool_calls' : decoded;
}

export function encodeFinishReason(reason: FinishReason | undefined): string {
  return reason === undefined || reason === 'other' ? 'stop' : reason;
}
