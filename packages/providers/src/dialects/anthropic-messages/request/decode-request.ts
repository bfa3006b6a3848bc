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
import { decodeText } from './decode-blocks.ts';
import { decodeMessages } from './decode-messages.ts';
import { decodeToolChoice, decodeTools } from './tools.ts';

const CARRIED: ReadonlySet<string> = new Set([
  'model',
  'max_tokens',
  'messages',
  'system',
  'stop_sequences',
  'stream',
  'temperature',
  'top_k',
  'top_p',
  'tools',
  'tool_choice',
  'metadata',
  'output_config',
  'fallbacks',
]);

/** Members whose loss would change what the caller gets, or where its data goes. */
const ESSENTIAL: ReadonlySet<string> = new Set(['mcp_servers', 'container', 'inference_geo']);

export function decodeRequest(body: JsonObject, notes: TranslationNotes): ChatRequest {
  noteRest(body, notes);
  const output = body['output_config'] == null ? {} : expectObject(body['output_config'], 'output_config');
  const metadata = body['metadata'] == null ? {} : expectObject(body['metadata'], 'metadata');
  const format = decodeFormat(output['format']);
  return {
    system: decodeText(body['system'], 'system'),
    messages: decodeMessages(body['messages']),
    tools: decodeTools(body['tools']),
    ...decodeToolChoice(body['tool_choice']),
    maxTokens: optionalTokens(body['max_tokens'], 'max_tokens'),
    temperature: inUnitRange(optionalNumber(body['temperature'], 'temperature'), 'temperature'),
    topP: inUnitRange(optionalNumber(body['top_p'], 'top_p'), 'top_p'),
    topK: optionalTokens(body['top_k'], 'top_k'),
    stop: optionalList(body['stop_sequences'], 'stop_sequences').map((entry, index) =>
      expectString(entry, `stop_sequences[${index}]`),
    ),
    responseFormat: format,
    effort: optionalString(output['effort'], 'output_config.effort'),
    user: optionalString(metadata['user_id'], 'metadata.user_id'),
    stream: body['stream'] === true,
  };
}

function noteRest(body: JsonObject, notes: TranslationNotes): void {
  for (const name of Object.keys(body)) {
    const value = body[name];
    if (value === undefined || value === null || CARRIED.has(name)) continue;
    if (ESSENTIAL.has(name) && !(Array.isArray(value) && value.length === 0)) {
      throw unsupportedField(name, 'it has no equivalent there');
    }
    notes.drop(name);
  }
}

function inUnitRange(value: number | undefined, param: string): number | undefined {
  if (value !== undefined && (value < 0 || value > 1)) throw invalidField(param, 'must be between 0 and 1');
  return value;
}

function decodeFormat(value: JsonValue | undefined): ResponseFormat | undefined {
  if (value === undefined || value === null) return undefined;
  const format = expectObject(value, 'output_config.format');
  if (format['type'] !== 'json_schema') throw unsupportedField('output_config.format.type', 'only "json_schema"');
  return { type: 'json-schema', schema: expectObject(format['schema'], 'output_config.format.schema') };
}
