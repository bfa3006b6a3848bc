import type { JsonObject, JsonValue } from '@x/core';
import type { ToolResult, UserPart } from '../../../hub/request.ts';
import { expectObject, expectString, invalidField, optionalList, optionalString } from '../../../json/expect.ts';
import type { CallMatcher } from '../call-ids.ts';
import { decodeUserPart } from './decode-user-part.ts';

/** The result of a call, which is found by its id or, without one, by the name of its function. */
export function decodeFunctionResponse(value: JsonValue, path: string, calls: CallMatcher): ToolResult {
  const response = expectObject(value, path);
  const name = expectString(response['name'], `${path}.name`);
  const id = calls.answer(name, optionalString(response['id'], `${path}.id`) || undefined);
  if (id === undefined) throw invalidField(path, 'answers no functionCall that stands before it');
  const { text, isError } = textOf(
    response['response'] == null ? {} : expectObject(response['response'], `${path}.response`),
  );
  const more = optionalList(response['parts'], `${path}.parts`).flatMap((part, index): UserPart[] => {
    const at = `${path}.parts[${index}]`;
    return decodeUserPart(expectObject(part, at), at);
  });
  return { role: 'tool', id, content: [...(text === '' ? [] : [{ type: 'text' as const, text }]), ...more], isError };
}

/** `output` and `error` mean something by convention, and `result` is what most people write; anything else is the output whole. */
function textOf(response: JsonObject): { readonly text: string; readonly isError: boolean } {
  const [first, ...others] = Object.keys(response);
  if (first === undefined) return { text: '', isError: false };
  const isError = first === 'error' && others.length === 0;
  const named = others.length === 0 && (isError || first === 'output' || first === 'result');
  const value = named ? response[first] : response;
  return { text: typeof value === 'string' ? value : JSON.stringify(value ?? null), isError };
}
