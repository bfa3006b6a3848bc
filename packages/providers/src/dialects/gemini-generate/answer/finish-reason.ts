import type { FinishReason, JsonValue } from '@x/core';

const DECODED: ReadonlyMap<unknown, FinishReason> = new Map<unknown, FinishReason>([
  ['STOP', 'stop'],
  ['MAX_TOKENS', 'length'],
  ...[
    'SAFETY',
    'RECITATION',
    'LANGUAGE',
    'BLOCKLIST',
    'PROHIBITED_CONTENT',
    'SPII',
    'IMAGE_SAFETY',
    'IMAGE_PROHIBITED_CONTENT',
    'IMAGE_RECITATION',
    'MODEL_ARMOR',
  ].map((reason): [string, FinishReason] => [reason, 'content_filter']),
]);

const ENCODED: Readonly<Record<FinishReason, string>> = {
  stop: 'STOP',
  length: 'MAX_TOKENS',
  tool_calls: 'STOP',
  content_filter: 'SAFETY',
  other: 'STOP',
};

/** Finish reasons with which the model failed at its answer: another try may do better. */
const FAILURES: ReadonlySet<string> = new Set([
  'MALFORMED_FUNCTION_CALL',
  'UNEXPECTED_TOOL_CALL',
  'TOO_MANY_TOOL_CALLS',
  'MALFORMED_RESPONSE',
]);

/** `empty`: nothing came before it. Then "other" is no end of an answer, but none at all. */
export function isFailure(reason: JsonValue | undefined, empty: boolean): reason is string {
  return typeof reason === 'string' && (FAILURES.has(reason) || (empty && reason === 'OTHER'));
}

/** Gemini has no word of its own for an end with calls. */
export function decodeFinishReason(reason: JsonValue | undefined, calledTools: boolean): FinishReason | undefined {
  if (typeof reason !== 'string' || reason === 'FINISH_REASON_UNSPECIFIED') return undefined;
  const decoded = DECODED.get(reason) ?? 'other';
  return calledTools && (decoded === 'stop' || decoded === 'other') ? 'tool_calls' : decoded;
}

export function encodeFinishReason(reason: FinishReason | undefined): string {
  return ENCODED[reason ?? 'stop'];
}
