import type { JsonObject, JsonValue } from '@x/core';
import type { TranslationNotes } from '../../../hub/notes.ts';
import type { ChatRequest, ResponseFormat } from '../../../hub/request.ts';
import {
  expectObject,
  expectString,
  invalidField,
  optionalList,
  optionalNumber,
  optionalString,
  optionalTokens,
  unsupportedField,
} from '../../../json/expect.ts';
import { isObject, parseJson } from '../../../json/read.ts';
import { decodeBlocks, decodeText } from './decode-blocks.ts';
import { decodeMessages } from './decode-messages.ts';
import { decodeTools } from './tools.ts';

const CARRIED: ReadonlySet<string> = new Set([
  'modelId',
  'messages',
  'system',
  'inferenceConfig',
  'toolConfig',
  'outputConfig',
  'additionalModelRequestFields',
  'fallbacks',
]);

/** Members whose loss would change what the caller gets. */
const ESSENTIAL: ReadonlySet<string> = new Set(['guardrailConfig', 'promptVariables']);

export function decodeRequest(body: JsonObject, notes: TranslationNotes): ChatRequest {
  noteRest(body, notes);
  const inference = optionalObject(body['inferenceConfig'], 'inferenceConfig');
  const output = optionalObject(body['outputConfig'], 'outputConfig');
  const { tools, toolChoice } = decodeTools(body['toolConfig']);
  return {
    system: body['system'] == null ? [] : decodeBlocks(body['system'], 'system', decodeText),
    messages: decodeMessages(body['messages']),
    tools,
    toolChoice,
    parallelToolCalls: undefined,
    maxTokens: optionalTokens(inference['maxTokens'], 'inferenceConfig.maxTokens'),
    temperature: inUnitRange(inference['temperature'], 'inferenceConfig.temperature'),
    topP: inUnitRange(inference['topP'], 'inferenceConfig.topP'),
    topK: decodeMore(body['additionalModelRequestFields'], notes),
    stop: optionalList(inference['stopSequences'], 'inferenceConfig.stopSequences').map((entry, index) =>
      expectString(entry, `inferenceConfig.stopSequences[${index}]`),
    ),
    responseFormat: decodeFormat(output['textFormat']),
    effort: optionalString(output['effort'], 'outputConfig.effort'),
    user: undefined,
    stream: false,
  };
}

function noteRest(body: JsonObject, notes: TranslationNotes): void {
  for (const name of Object.keys(body)) {
    const value = body[name];
    if (value === undefined || value === null || CARRIED.has(name)) continue;
    if (ESSENTIAL.has(name)) throw unsupportedField(name, 'it has no equivalent there');
    notes.drop(name);
  }
}

function optionalObject(value: JsonValue | undefined, param: string): JsonObject {
  return value === undefined || value === null ? {} : expectObject(value, param);
}

function inUnitRange(value: JsonValue | undefined, param: string): number | undefined {
  const number = optionalNumber(value, param);
  if (number !== undefined && (number < 0 || number > 1)) throw invalidField(param, 'must be between 0 and 1');
  return number;
}

/** What a model takes beside what Converse has for all of them. */
function decodeMore(value: JsonValue | undefined, notes: TranslationNotes): number | undefined {
  const more = optionalObject(value, 'additionalModelRequestFields');
  for (const name of Object.keys(more)) if (name !== 'top_k') notes.drop(`additionalModelRequestFields.${name}`);
  return optionalTokens(more['top_k'], 'additionalModelRequestFields.top_k');
}

/** The schema is a text here. */
function decodeFormat(value: JsonValue | undefined): ResponseFormat | undefined {
  if (value === undefined || value === null) return undefined;
  const path = 'outputConfig.textFormat';
  const { structure } = expectObject(value, path);
  const at = `${path}.structure.jsonSchema`;
  const { schema, name } = expectObject(expectObject(structure, `${path}.structure`)['jsonSchema'], at);
  const parsed = parseJson(expectString(schema, `${at}.schema`));
  if (!isObject(parsed)) throw invalidField(`${at}.schema`, 'must be a JSON schema, as text');
  const named = optionalString(name, `${at}.name`);
  return { type: 'json-schema', schema: parsed, ...(named !== undefined && { name: named }) };
}
