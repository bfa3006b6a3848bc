import type { JsonObject } from '@x/core';
import type { AssistantPart, ChatMessage, ToolResult } from '../../../hub/request.ts';
import { argumentsObject } from '../../../hub/tool-arguments.ts';
import { invalidField } from '../../../json/expect.ts';
import type { EncodeOptions } from '../../codec.ts';
import { withSignature } from '../answer/encode-answer.ts';
import { geminiModel } from '../models.ts';
import { encodeUserPart } from './encode-user-part.ts';

/** What Google's own clients send for a call whose signature is not known, since another model made it. */
const UNSIGNED = 'skip_thought_signature_validator';

interface Turn {
  readonly role: 'user' | 'model';
  /** Only in user turns, and always before {@link parts}: Gemini wants the results of calls first. */
  readonly results: JsonObject[];
  readonly parts: JsonObject[];
}

type Names = Map<string, string>;

/** Turns that alternate: neighbours of one role become one, and tool results belong to the user's. */
export function encodeContents(messages: readonly ChatMessage[], { model, notes }: EncodeOptions): JsonObject[] {
  const turns: Turn[] = [];
  const names: Names = new Map();
  const { signsCalls } = geminiModel(model);
  for (const message of messages) {
    if (message.role === 'tool') {
      const turn = turnFor(turns, 'user');
      turn.results.push(encodeResult(message, names));
      turn.parts.push(...message.content.flatMap((part) => (part.type === 'text' ? [] : encodeUserPart(part, notes))));
      continue;
    }
    const parts =
      message.role === 'assistant'
        ? encodeAssistant(message.content, { names, signsCalls, notes })
        : // Instructions in the middle of a conversation are the user's words here: there is no such role.
          message.content.flatMap((part) => encodeUserPart(part, notes));
    // A turn without parts is a 400, and says nothing that could be missed.
    if (parts.length > 0) turnFor(turns, message.role === 'assistant' ? 'model' : 'user').parts.push(...parts);
  }
  if (turns.length === 0) throw invalidField('messages', 'must hold at least one message that is not empty');
  return turns.map(({ role, results, parts }) => ({ role, parts: [...results, ...parts] }));
}

function turnFor(turns: Turn[], role: Turn['role']): Turn {
  const last = turns.at(-1);
  if (last?.role === role) return last;
  const next: Turn = { role, results: [], parts: [] };
  turns.push(next);
  return next;
}

function encodeResult({ id, content, isError }: ToolResult, names: Names): JsonObject {
  const name = names.get(id);
  if (name === undefined)
    throw invalidField('messages', `hold a result for the call ${JSON.stringify(id.slice(0, 64))}, which is not there`);
  const text = content.map((part) => (part.type === 'text' ? part.text : '')).join('');
  return { functionResponse: { id, name, response: isError ? { error: text } : { output: text } } };
}

/** Thoughts stay behind: those of other models mean nothing here, and Gemini's own signatures stand on its calls. */
function encodeAssistant(
  content: readonly AssistantPart[],
  { names, signsCalls, notes }: { readonly names: Names; readonly signsCalls: boolean } & Pick<EncodeOptions, 'notes'>,
): JsonObject[] {
  let signed = content.some((part) => part.type === 'tool-call' && part.signature !== undefined);
  return content.flatMap((part): JsonObject[] => {
    switch (part.type) {
      case 'text':
      case 'refusal':
        return part.text === '' ? [] : [{ text: part.text }];
      case 'reasoning':
      case 'redacted-reasoning':
        notes.drop('thinking');
        return [];
      case 'tool-call': {
        const { id, name, json, signature } = part;
        names.set(id, name);
        // Of parallel calls only the first is signed.
        const own = signature ?? (signsCalls && !signed ? UNSIGNED : undefined);
        signed = true;
        return [{ functionCall: { id, name, args: argumentsObject(json) }, ...withSignature(own) }];
      }
    }
  });
}
