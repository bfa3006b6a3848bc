import type { JsonObject } from '@x/core';
import type { AssistantPart } from '../../../hub/request.ts';
import { expectObject, expectString, optionalString, unsupportedField } from '../../../json/expect.ts';
import type { CallMatcher } from '../call-ids.ts';
import { fieldOf } from '../field.ts';
import { redactedData } from '../redacted.ts';

/** What a model said. Undefined for a part that says nothing. */
export function decodeModelPart(part: JsonObject, path: string, calls: CallMatcher): AssistantPart | undefined {
  const signature = optionalString(fieldOf(part, 'thoughtSignature'), `${path}.thoughtSignature`) || undefined;
  const call = fieldOf(part, 'functionCall');
  if (call !== undefined)
    return decodeCall(expectObject(call, `${path}.functionCall`), `${path}.functionCall`, { signature, calls });
  const { text } = part;
  if (text === undefined || text === null) {
    if (Object.keys(part).every((name) => name === 'thoughtSignature' || name === 'thought')) return undefined;
    throw unsupportedField(path, 'a model’s part other than text, a thought or a functionCall');
  }
  const said = expectString(text, `${path}.text`);
  if (part['thought'] === true) return decodeThought(said, signature);
  return said === '' ? undefined : { type: 'text', text: said };
}

function decodeThought(text: string, signature: string | undefined): AssistantPart {
  // Clients that decode the field may write it in the alphabet of URLs, which no other provider does.
  const plain = signature?.replaceAll('-', '+').replaceAll('_', '/');
  const data = plain === undefined ? undefined : redactedData(plain);
  if (data !== undefined) return { type: 'redacted-reasoning', data };
  return { type: 'reasoning', text, ...(plain !== undefined && { signature: plain }) };
}

function decodeCall(
  call: JsonObject,
  path: string,
  { signature, calls }: { readonly signature: string | undefined; readonly calls: CallMatcher },
): AssistantPart {
  const name = expectString(call['name'], `${path}.name`);
  const args = call['args'] ?? {};
  return {
    type: 'tool-call',
    id: calls.call(name, optionalString(call['id'], `${path}.id`) || undefined),
    name,
    json: JSON.stringify(expectObject(args, `${path}.args`)),
    ...(signature !== undefined && { signature }),
  };
}
