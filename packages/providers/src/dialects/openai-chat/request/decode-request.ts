import type { JsonObject, JsonValue } from '@x/core';
import type { TranslationNotes } from '../../../hub/notes.ts';
import type { ChatRequest, ResponseFormat } from '../../../hub/request.ts';
import {
  expectObject,
  expectString,
  invalidField,
  optionalBoolean,
  optionalNumber,
  optionalString,
  optionalTokens,
  unsupportedField,
} from '../../../json/expect.ts';
import { isObject } from '../../../json/read.ts';
import { decodeMessages } from './decode-messages.ts';
import { noteRest } from './unsupported.ts';
import { decodeToolChoice, decodeTools } from './tools.ts';

export function decodeRequest(body: JsonObject, notes: TranslationNotes): ChatRequest {
  noteRest(body, notes);
  return {
    ...decodeMessages(body['messages'], notes),
    tools: decodeTools(body['tools']),
    toolChoice: decodeToolChoice(body['tool_choice']),
    parallelToolCalls: optionalBoolean(body['parallel_tool_calls'], 'parallel_tool_calls'),
    maxTokens:
      optionalTokens(body['max_completion_tokens'], 'max_completion_tokens') ??
      optionalTokens(body['max_tokens'], 'max_tokens'),
    temperature: inRange(optionalNumber(body['temperature'], 'temperature'), 'temperature', 2),
    topP: inRange(optionalNumber(body['top_p'], 'top_p'), 'top_p', 1),
    topK: optionalTokens(body['top_k'], 'top_k'),
    stop: decodeStop(body['stop']),
    seed: optionalNumber(body['seed'], 'seed'),
    presencePenalty: penaltyOf(body, 'presence_penalty'),
    frequencyPenalty: penaltyOf(body, 'frequency_penalty'),
    responseFormat: decodeResponseFormat(body['response_format']),
    effort: optionalString(body['reasoning_effort'], 'reasoning_effort'),
    user: optionalString(body['safety_identifier'], 'safety_identifier') ?? optionalString(body['user'], 'user'),
    stream: body['stream'] === true,
  };
}

export function inRange(value: number | undefined, param: string, max: number): number | undefined {
  if (value !== undefined && (value < 0 || value > max)) throw invalidField(param, `must be between 0 and ${max}`);
  return value;
}

function penaltyOf(body: JsonObject, param: string): number | undefined {
  const value = optionalNumber(body[param], param);
  if (value !== undefined && Math.abs(value) > 2) throw invalidField(param, 'must be between -2 and 2');
  return value === 0 ? undefined : value;
}

function decodeStop(value: JsonValue | undefined): string[] {
  if (value === undefined || value === null) return [];
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value)) throw invalidField('stop', 'must be a string or a list of strings');
  return (value as readonly JsonValue[]).map((entry, index) => expectString(entry, `stop[${index}]`));
}

function decodeResponseFormat(value: JsonValue | undefined): ResponseFormat | undefined {
  if (value === undefined || value === null) return undefined;
  const format = expectObject(value, 'response_format');
  switch (format['type']) {
    case 'text':
      return undefined;
    case 'json_object':
      return { type: 'json' };
    case 'json_schema': {
      const { schema, name, strict } = expectObject(format['json_schema'], 'response_format.json_schema');
      if (!isObject(schema)) throw invalidField('response_format.json_schema.schema', 'must be an object');
      return {
        type: 'json-schema',
        schema,
        ...(typeof name === 'string' && { name }),
        ...(typeof strict === 'boolean' && { strict }),
      };
    }
    default:
      throw unsupportedField('response_format.type', 'only "text", "json_object" and "json_schema"');
  }
}
