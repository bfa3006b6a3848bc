import type { JsonObject, JsonValue } from '@x/core';
import type { AssistantPart, ChatMessage, ToolResult } from '../../../hub/request.ts';
import { expectList, expectObject, invalidField } from '../../../json/expect.ts';
import { CallMatcher } from '../call-ids.ts';
import { fieldOf } from '../field.ts';
import { decodeModelPart } from './decode-model-part.ts';
import { decodeFunctionResponse } from './decode-function-response.ts';
import { decodeUserPart } from './decode-user-part.ts';

export function decodeContents(value: JsonValue | undefined): ChatMessage[] {
  const calls = new CallMatcher();
  return expectList(value, 'contents').flatMap((entry, index) => {
    const path = `contents[${index}]`;
    const content = expectObject(entry, path);
    const at = `${path}.parts`;
    const parts = content['parts'] == null ? [] : expectList(content['parts'], at);
    const objects = parts.map((part, place) => expectObject(part, `${at}[${place}]`));
    switch (content['role'] ?? 'user') {
      case 'user':
      case 'function':
        return decodeUser(objects, at, calls);
      case 'model':
        return [{ role: 'assistant', content: decodeModel(objects, at, calls) }];
      default:
        throw invalidField(`${path}.role`, 'must be "user" or "model"');
    }
  });
}

/** Results of calls first, each a message of its own, then what the user said beside them. */
function decodeUser(parts: readonly JsonObject[], path: string, calls: CallMatcher): ChatMessage[] {
  const results: ToolResult[] = [];
  const said = parts.flatMap((part, index) => {
    const at = `${path}[${index}]`;
    const response = fieldOf(part, 'functionResponse');
    if (response === undefined) return decodeUserPart(part, at);
    results.push(decodeFunctionResponse(response, `${at}.functionResponse`, calls));
    return [];
  });
  return said.length === 0 && results.length > 0 ? results : [...results, { role: 'user', content: said }];
}

/** A streamed thought comes back in pieces, the last of them with its signature: the pieces are one thought. */
function decodeModel(parts: readonly JsonObject[], path: string, calls: CallMatcher): AssistantPart[] {
  const decoded: AssistantPart[] = [];
  parts.forEach((part, index) => {
    const next = decodeModelPart(part, `${path}[${index}]`, calls);
    const last = decoded.at(-1);
    if (next?.type === 'reasoning' && last?.type === 'reasoning' && last.signature === undefined) {
      decoded[decoded.length - 1] = { ...next, text: last.text + next.text };
    } else if (next !== undefined) decoded.push(next);
  });
  return decoded;
}
