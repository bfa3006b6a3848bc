import type { JsonObject } from '@x/core';
import { objectOf } from '../../json/read.ts';

/** The signature of a tool call where Google's OpenAI surface has it: `extra_content.google.thought_signature`. */
export function signatureOf(call: JsonObject): { readonly signature: string } | undefined {
  const signature = objectOf(objectOf(call['extra_content'])['google'])['thought_signature'];
  return typeof signature === 'string' && signature !== '' ? { signature } : undefined;
}

/** The same, written. A caller who sends the message back unchanged hands it back to the model that signed it. */
export function signed(signature: string | undefined): JsonObject | undefined {
  return signature === undefined ? undefined : { extra_content: { google: { thought_signature: signature } } };
}
