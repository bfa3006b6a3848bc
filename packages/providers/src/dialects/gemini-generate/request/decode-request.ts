import type { JsonObject, JsonValue } from '@x/core';
import type { TranslationNotes } from '../../../hub/notes.ts';
import type { ChatRequest, TextPart } from '../../../hub/request.ts';
import { expectList, expectObject, expectString, unsupportedField } from '../../../json/expect.ts';
import { camelOf, fieldOf } from '../field.ts';
import { decodeContents } from './decode-contents.ts';
import { decodeGeneration } from './decode-generation.ts';
import { decodeToolChoice, decodeTools } from './tools.ts';

const CARRIED: ReadonlySet<string> = new Set([
  'model',
  'contents',
  'systemInstruction',
  'tools',
  'toolConfig',
  'generationConfig',
  'stream',
  'fallbacks',
]);

export function decodeRequest(body: JsonObject, notes: TranslationNotes): ChatRequest {
  noteRest(body, notes);
  return {
    system: decodeSystem(fieldOf(body, 'systemInstruction')),
    messages: decodeContents(body['contents']),
    tools: decodeTools(body['tools']),
    toolChoice: decodeToolChoice(fieldOf(body, 'toolConfig')),
    parallelToolCalls: undefined,
    ...decodeGeneration(fieldOf(body, 'generationConfig'), notes),
    user: undefined,
    stream: false,
  };
}

/** What was stored at Google is a part of the prompt; the other members that have no place elsewhere are settings. */
function noteRest(body: JsonObject, notes: TranslationNotes): void {
  for (const key of Object.keys(body)) {
    const value = body[key];
    const name = camelOf(key);
    if (value === undefined || value === null || CARRIED.has(name)) continue;
    if (name === 'cachedContent')
      throw unsupportedField('cachedContent', 'what is stored at Google is not known there');
    if (!Array.isArray(value) || value.length > 0) notes.drop(name);
  }
}

/** A content, whose role means nothing, or, as clients allow, a text. */
function decodeSystem(value: JsonValue | undefined): TextPart[] {
  if (value === undefined || value === null || value === '') return [];
  if (typeof value === 'string') return [{ type: 'text', text: value }];
  const { parts } = expectObject(value, 'systemInstruction');
  if (parts === undefined || parts === null) return [];
  return expectList(parts, 'systemInstruction.parts').flatMap((entry, index): TextPart[] => {
    const path = `systemInstruction.parts[${index}]`;
    const part = expectObject(entry, path);
    if (part['text'] === undefined) throw unsupportedField(path, 'only text');
    const text = expectString(part['text'], `${path}.text`);
    return text === '' ? [] : [{ type: 'text', text }];
  });
}
